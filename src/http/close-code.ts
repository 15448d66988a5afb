/** Bytes of a close frame's reason (RFC 6455 §5.5). */
const LONGEST_REASON = 123;

/** True for a code that a WebSocket's close frame may carry (RFC 6455 §7.4). */
export function isCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  const isReserved = code === 1004 || code === 1005 || code === 1006;
  return (code >= 1000 && code <= 1014 && !isReserved) || (code >= 3000 && code <= 4999);
}

/** As much of a reason as a close frame can hold, in whole characters; `mark` stands for the rest. */
export function closeReason(reason: string, mark = ''): string {
  const bytes = Buffer.from(reason, 'utf8');
  if (bytes.length <= LONGEST_REASON) return reason;
  const room = LONGEST_REASON - Buffer.byteLength(mark);
  return new TextDecoder().decode(bytes.subarray(0, room), { stream: true }) + mark;
}
