import { constants } from 'node:http2';
import { reasonOf, UpstreamError } from '../errors';
import { exchangeError, type Progress, standing } from './upstream-errors';
import type { ExchangeOptions } from './upstream-exchange';

/** What is known of a stream that ended without a whole response. */
export interface Http2Ending {
  readonly where: string;
  readonly limits: ExchangeOptions['limits'];
  readonly progress: Progress;
  /** The error code of its reset (RFC 9113 §7). */
  readonly rstCode: number;
  /** The whole connection has ended. */
  readonly isGone: boolean;
}

/** By code (RFC 9113 §7). */
const NAMES = (
  'NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR ' +
  'REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED'
).split(' ');

/** Why an exchange over HTTP/2 ended without a whole response. */
export function http2Error(cause: Error | undefined, ending: Http2Ending): UpstreamError {
  const { where, limits, progress, rstCode, isGone } = ending;
  if (cause instanceof UpstreamError) return cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? '';
  const fail = (sentence: string) => new UpstreamError(`${where} ${sentence}`, { cause });
  const name = NAMES[rstCode] ?? String(rstCode);
  if (code === 'ERR_HTTP2_ERROR') return fail(`sent what is no HTTP/2: ${reasonOf(cause)}`);
  if (code === 'ERR_HTTP2_SESSION_ERROR')
    return fail(`ended the connection with an error (${name}) ${standing(progress)}`);
  if (cause && !code.startsWith('ERR_HTTP2')) return exchangeError(cause, where, progress);
  if (isGone) return fail(`closed the connection ${standing(progress)}`);
  switch (rstCode) {
    case constants.NGHTTP2_NO_ERROR:
    case constants.NGHTTP2_CANCEL:
      return fail(`ended the stream (${name}) ${standing(progress)}`);
    case constants.NGHTTP2_REFUSED_STREAM:
      return fail('refused the request, and did nothing with it (REFUSED_STREAM)');
    case constants.NGHTTP2_PROTOCOL_ERROR:
      return fail(
        `sent a response that HTTP/2 does not allow, or took the request for one (${name}) ${standing(progress)}`,
      );
    case constants.NGHTTP2_ENHANCE_YOUR_CALM:
      return fail(
        `sent a header block of more than ${limits.headerBlock} bytes, or wants fewer requests (${name})`,
      );
    default:
      return fail(`reset the stream (${name}) ${standing(progress)}`);
  }
}
