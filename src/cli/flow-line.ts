import { escapeControls } from '../escape-controls';
import type { RecordedFlow } from '../recording/recorded-flow';

/** What `show --json` tells of an exchange. */
export interface FlowJson {
  number: number;
  /** When the request began, ISO 8601. */
  startedAt: string;
  method: string;
  url: string;
  /** null when no response came. */
  status: number | null;
  /** Bytes of the response's content as it was sent; null when they are not there. */
  size: number | null;
  /** Milliseconds to the end of the response; null when that is not known. */
  duration: number | null;
  /** The session that recorded it, if it has a name. */
  session?: string;
  error?: string;
}

/** An exchange in short, for programs. */
export function flowJson(flow: RecordedFlow): FlowJson {
  const { number, request, response, session } = flow;
  const { startedAt, method, url } = request;
  const end = response?.endedAt;
  const remark = remarkOn(flow);
  return {
    number,
    startedAt: new Date(startedAt).toISOString(),
    method,
    url,
    status: response?.status ?? null,
    size: sizeOf(flow),
    duration: end === undefined ? null : Math.max(0, Math.round(end - startedAt)),
    ...(session && { session }),
    ...(remark !== undefined && { error: remark }),
  };
}

/** An exchange in one line: number, session, method, URL, status, size, duration, and what is the matter with it; numbers are `width` wide. */
export function flowLine(flow: RecordedFlow, width: number): string {
  const { number, method, url, status, size, duration, session, error } = flowJson(flow);
  const parts = [
    String(number).padStart(width),
    ...(session === undefined ? [] : [`[${session}]`]),
    method,
    url,
    status ?? '-',
    size === null ? '-' : `${size} B`,
    duration === null ? '-' : `${duration} ms`,
  ];
  return escapeControls(parts.join(' ') + (error === undefined ? '' : `: ${error}`));
}

function remarkOn({ error, unstored, incomplete, webSocket, response }: RecordedFlow): string | undefined {
  if (error !== undefined) return error;
  if (webSocket) return `WebSocket, ${webSocket.length} ${webSocket.length === 1 ? 'message' : 'messages'}`;
  if (incomplete) return 'cut short';
  if (unstored?.response) return 'body not stored';
  return response ? undefined : 'no response';
}

function sizeOf({ response, unstored }: RecordedFlow): number | null {
  if (!response || unstored?.response) return null;
  try {
    return response.body.length ?? response.body.bytesSync().length;
  } catch {
    return null;
  }
}
