import {
  constants,
  performServerHandshake,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { reasonOf } from '../errors';
import { clientInfo } from './client-connection';
import type { Entrance } from './front-door';
import type { Gate } from './gate';
import { headerBlockLength } from './header-block';
import { Http2ClientEnd } from './http2-client-end';
import { Http2Guard } from './http2-guard';
import { http2Head } from './http2-head';
import type { OpenExchanges } from './open-exchanges';
import type { Limits, TransportHandlers } from './options';
import { readHead } from './request-head';
import type { Refusal } from './refusal';
import { expectProblem } from './unfit-head';
import { longHead } from './server-settings';

/** What connections that speak HTTP/2 are served with. */
export interface Http2Options {
  readonly limits: Limits;
  readonly now: () => number;
  readonly handlers: Pick<TransportHandlers, 'exchange' | 'originHint' | 'warn'>;
  /** Settles when requests may be answered. */
  readonly served: Promise<void>;
  readonly gate: Gate;
  readonly exchanges: OpenExchanges;
}

interface Connection extends Entrance {
  readonly tcp: Socket;
  readonly guard: Http2Guard;
}

interface Arrival {
  readonly fields: IncomingHttpHeaders;
  readonly raw: readonly string[];
  readonly isBodiless: boolean;
  readonly startedAt: number;
}

/** Milliseconds between two looks at all connections, at the most. */
const CHECK_EVERY = 250;
const { NGHTTP2_FLAG_END_STREAM, NGHTTP2_NO_ERROR, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_REFUSED_STREAM } =
  constants;

/** All connections of clients that speak HTTP/2 (RFC 9113), each stream of theirs an exchange. */
export class Http2Connections {
  readonly #options: Http2Options;
  readonly #sessions = new Map<ServerHttp2Session, Http2Guard>();
  #checks: NodeJS.Timeout | undefined;

  constructor(options: Http2Options) {
    this.#options = options;
  }

  /** Speaks HTTP/2 on `socket`; `tcp` is what carries its bytes. */
  serve(socket: Socket, tcp: Socket, entrance: Entrance): void {
    const { limits, exchanges } = this.#options;
    // Without it nobody would notice that a client has hung up while its streams are open.
    socket.allowHalfOpen = false;
    const session = performServerHandshake(socket, {
      settings: { maxConcurrentStreams: limits.streams, maxHeaderListSize: limits.headerBlock },
      // Only the size of a header block counts: a field takes at least 32 bytes of it (RFC 9113 §6.5.2).
      maxHeaderListPairs: Math.ceil(limits.headerBlock / 32) + 4,
    });
    const guard = new Http2Guard(session, socket, tcp, limits, this.#options.now());
    this.#watch(session, guard);
    session
      .on('error', () => {})
      .on(
        'stream',
        (stream: ServerHttp2Stream, fields: IncomingHttpHeaders, flags: number, raw: string[]) => {
          const isBodiless = (flags & NGHTTP2_FLAG_END_STREAM) !== 0;
          this.#arrived(
            stream,
            { ...entrance, tcp, guard },
            { fields, raw, isBodiless, startedAt: this.#options.now() },
          );
        },
      );
    if (exchanges.stopping.aborted) session.close();
  }

  /** Tells all clients that no further request is taken; open streams go on. */
  close(): void {
    for (const session of this.#sessions.keys()) session.close();
  }

  #watch(session: ServerHttp2Session, guard: Http2Guard): void {
    const { limits, now } = this.#options;
    this.#sessions.set(session, guard);
    const shortest = Math.min(limits.idle, limits.headerTime, limits.responseStall);
    this.#checks ??= setInterval(
      () => {
        for (const one of this.#sessions.values()) one.check(now());
      },
      Math.max(1, Math.min(CHECK_EVERY, shortest / 4)),
    ).unref();
    session.once('close', () => {
      this.#sessions.delete(session);
      if (this.#sessions.size > 0) return;
      clearInterval(this.#checks);
      this.#checks = undefined;
    });
  }

  #arrived(stream: ServerHttp2Stream, connection: Connection, arrival: Arrival): void {
    stream.on('error', () => {});
    connection.guard.opened(stream, this.#options.now);
    if (stream.destroyed) return;
    const failed = (error: unknown) => {
      this.#options.handlers.warn(reasonOf(error));
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    };
    this.#options.served.then(() => this.#begin(stream, connection, arrival, failed)).catch(failed);
  }

  #begin(
    stream: ServerHttp2Stream,
    { tcp, guard, route, session }: Connection,
    { fields, raw, isBodiless, startedAt }: Arrival,
    failed: (error: unknown) => void,
  ): void {
    const { handlers, limits, now, exchanges, gate } = this.#options;
    if (stream.destroyed) return;
    if (exchanges.stopping.aborted) return stream.close(NGHTTP2_REFUSED_STREAM);
    const admission = gate.admitRequest(fields['proxy-authorization'], { route, session });
    if ('sentence' in admission) return refuse(stream, admission);
    const head = http2Head(raw, route);
    if (head === 'malformed') return stream.close(NGHTTP2_PROTOCOL_ERROR);
    if ('sentence' in head) return refuse(stream, head);
    // Node counts by our settings, which a client has not taken yet when it sends its first request.
    if (headerBlockLength(`${head.method} ${head.target} HTTP/2.0`, head.rawHeaders) > limits.headerBlock)
      return refuse(stream, longHead(limits));
    const problem = expectProblem(raw);
    if (problem) return refuse(stream, problem);
    const request = readHead(head, route, startedAt, handlers.originHint());
    if ('sentence' in request) return refuse(stream, request);
    const client = new Http2ClientEnd(stream, request, clientInfo(tcp), {
      limits,
      now,
      expectsContinue: fields.expect !== undefined && !isBodiless,
      session: admission.session,
      isBodiless,
      read: (bytes) => guard.read(bytes),
    });
    exchanges.run(handlers.exchange(request, client), failed);
  }
}

/** Says so as a whole response, and that no more of the request is wanted. */
function refuse(stream: ServerHttp2Stream, { status, sentence, headers = {} }: Refusal): void {
  const body = Buffer.from(`${sentence}\n`, 'utf8');
  const head = {
    ':status': status,
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
  };
  // Node would add a Date of its own.
  const options = { endStream: false, sendDate: false };
  stream.respond(head, options);
  if (stream.writableEnded) stream.close(NGHTTP2_NO_ERROR);
  else stream.end(body, () => stream.close(NGHTTP2_NO_ERROR));
}
