import { EgressError, reasonOf, statusOf } from '../errors';
import { holdBody } from '../http/hold';
import { HttpResponse } from '../http/response';
import { isGrpc, streamsByNature } from '../http/streams';
import { ask } from './ask';
import type { ClientEnd, Send } from './ends';
import type { Flow } from './flow';
import type { ProxyHooks } from './hooks';
import { type OtherSide, servingSide, switchProtocol, upstreamSide } from './switch-exchange'; // late
import { here, type Steps, walk } from './steps';
import { forward, type Respond, type Verdict } from './verdict';

/** What every exchange of a proxy shares. */
export interface Core {
  readonly hooks: ProxyHooks;
  /** The only way to upstream. */
  readonly send: Send;
  /** Nothing may leave, whoever says so. */
  readonly offline: boolean;
  /** Bodies up to this many bytes are held for the hooks; longer ones are streamed. */
  readonly heldBody: number;
  readonly now: () => number;
  /** For errors that have no flow left to end. */
  readonly warn: (line: string) => void;
}

/** One request, from its head to the end of its response; undefined when that was at once. Never rejects; `complete` runs exactly once. */
export function exchange(flow: Flow, client: ClientEnd, core: Core): Promise<void> | undefined {
  return walk(serve(flow, client, core)) as Promise<void> | undefined;
}

function* serve(flow: Flow, client: ClientEnd, core: Core): Steps<void> {
  try {
    const verdict = yield* decide(flow, client, core);
    assertThere(client);
    if (verdict.kind === 'kill') yield* end(flow, client, verdict.reason);
    else if (verdict.kind === 'respond') yield* answer(flow, client, core, verdict);
    else yield* contact(flow, client, core);
  } catch (thrown) {
    yield* fail(flow, client, core, thrown instanceof Error ? thrown : new Error(reasonOf(thrown)));
  }
  flow.endedAt = core.now();
  yield* ask(core.hooks.complete, flow);
  client.discard();
}

function* decide(flow: Flow, client: ClientEnd, { hooks, heldBody }: Core): Steps<Verdict> {
  const { request } = flow;
  // The two sides may talk by turns.
  if (isGrpc(request.headers)) flow.stream('request');
  const early = yield* ask(hooks.requestHeaders, flow);
  if (early) return early;
  if (request.body.kind === 'stream' && !flow.isStreamed('request')) {
    if (flow.keepsRequest) yield* here(client.readBody());
    else request.body = yield* here(holdBody(request, heldBody));
  }
  return (yield* ask(hooks.request, flow)) || (yield* ask(hooks.unmatched, flow)) || forward();
}

function* end(flow: Flow, client: ClientEnd, reason: string): Steps<void> {
  flow.outcome = 'killed';
  flow.notes.push(reason);
  try {
    if (flow.holdsEnd) yield* here(flow.settle());
  } finally {
    client.kill();
  }
}

function* answer(flow: Flow, client: ClientEnd, core: Core, verdict: Respond): Steps<void> {
  if (verdict.recorded) flow.recorded = verdict.recorded;
  const response = verdict.response.clone();
  const server = verdict.serve && servingSide(verdict.serve, flow, core);
  try {
    yield* ask(core.hooks.responseHeaders, response, flow);
    yield* deliver(flow, client, core, response, server);
    flow.outcome = verdict.recorded ? 'replayed' : 'answered';
  } finally {
    verdict.response.body.cancel();
    server?.letGo();
  }
}

function* contact(flow: Flow, client: ClientEnd, core: Core): Steps<void> {
  if (core.offline) throw new EgressError(flow.decidedBy, `${flow.request.method} ${flow.request.url}`);
  const copy = flow.request.clone();
  // Those of a stream arrive later.
  if (copy.body.kind === 'stream') copy.trailers = flow.request.trailers;
  const request = yield* ask(core.hooks.forward, copy, flow);
  assertThere(client);
  let server: OtherSide | undefined;
  const response = yield* here(
    core.send(request, {
      signal: flow.signal,
      inform: (interim) => client.inform(interim),
      contact: () => (flow.contactedAt = core.now()),
      ...(client.switching && { switched: (end) => (server = upstreamSide(end, flow, core)) }),
    }),
  );
  const upstream = response.body;
  try {
    if (streamsByNature(response.headers)) flow.stream('response');
    yield* ask(core.hooks.responseHeaders, response, flow);
    if (!flow.isStreamed('response')) response.body = yield* here(holdBody(response, core.heldBody));
    yield* ask(core.hooks.received, asReceived(response), flow);
    yield* deliver(flow, client, core, response, server);
    flow.outcome = 'forwarded';
  } finally {
    upstream.cancel();
    server?.letGo();
  }
}

/** `server` is whom the client talks to if it gets a 101. */
function* deliver(
  flow: Flow,
  client: ClientEnd,
  core: Core,
  given: HttpResponse,
  server?: OtherSide,
): Steps<void> {
  flow.response = given;
  const response = yield* ask(core.hooks.response, given, flow);
  flow.response = response;
  const onHead = () => (flow.headSentAt = core.now());
  if (response.status === 101) return yield* here(switchProtocol(client, server, response, onHead));
  const held = flow.holdsEnd || response.body.kind === 'stream';
  yield* here(client.deliver(response, onHead, held ? () => flow.settle() : undefined));
}

function* fail(flow: Flow, client: ClientEnd, core: Core, error: Error): Steps<void> {
  flow.error = error;
  flow.outcome = client.isGone ? 'aborted' : 'failed';
  if (client.isGone || flow.headSentAt !== undefined) {
    client.kill();
    return;
  }
  let instead: HttpResponse | void | undefined | null | false;
  try {
    instead = yield* ask(core.hooks.error, error, flow);
  } catch (second) {
    core.warn(reasonOf(second));
  }
  flow.response = instead || HttpResponse.text(statusOf(error), reasonOf(error));
  try {
    yield* here(client.deliver(flow.response, () => (flow.headSentAt = core.now()), undefined));
  } catch {
    client.kill();
  }
}

function assertThere(client: ClientEnd): void {
  if (client.isGone) client.signal.throwIfAborted();
}

/** Upstream's response apart from the one that hooks may change; trailers are shared, since a stream's arrive later. */
function asReceived(response: HttpResponse): HttpResponse {
  const received = response.clone();
  received.headers.freeze();
  received.trailers = response.trailers;
  return Object.freeze(received);
}
