import type { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { ClientInfo } from './flow';

/** An interim response (RFC 9110 §15.2), 100 left out. */
export interface InterimResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
}

/** The client's end of an exchange, as the transport offers it to the core. */
export interface ClientEnd {
  readonly info: ClientInfo;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** The client's session; empty for the default one. */
  readonly session: string;
  /**
   * Reads the request's body to its end, into memory or, past the limit, a file. Answers `Expect: 100-continue` first.
   * Rejects when the client breaks off. Sets `body`, `trailers` and `endedAt` of the request.
   */
  readBody(): Promise<void>;
  /** Sends an interim response on. */
  inform(interim: InterimResponse): void;
  /**
   * Sends the response. `onHead` is called when its head goes out; `beforeEnd`, if given, holds back the last bytes (of a
   * response without a body: the head). Resolves at the end; rejects when the body breaks off or the client has gone.
   */
  deliver(
    response: HttpResponse,
    onHead: () => void,
    beforeEnd: (() => Promise<void>) | undefined,
  ): Promise<void>;
  /** Ends without a byte of this response, or in the middle of one. Earlier responses on the connection are finished. */
  kill(): void;
  /** Frees what `readBody` had to put aside. */
  discard(): void;
}

/** Contacts upstream: the response with a streamed body, its head only. Rejects with an UpstreamError. */
export type Send = (
  request: HttpRequest,
  options: {
    signal: AbortSignal;
    inform: (interim: InterimResponse) => void;
    /** Called before the request, or a connection for it, leaves. */
    contact: () => void;
  },
) => Promise<HttpResponse>;
