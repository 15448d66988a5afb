import { EgressError, reasonOf, statusOf } from '../errors';
import { holdBody } from '../http/hold';
import { HttpResponse } from '../http/response';
import { isGrpc, streamsByNature } from '../http/streams';
import type { ClientEnd, Send } from './ends';
import type { Flow } from './flow';
import type { ProxyHooks } from './hooks';
import { type OtherSide, servingSide, switchProtocol, upstreamSide } from './switch-exchange'; // late
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

/** One request, from its head to the end of its response. Never rejects; `complete` runs exactly once. */
export async function exchange(flow: Flow, client: ClientEnd, core: Core): Promise<void> {
  try {
    const verdict = await decide(flow, client, core);
    assertThere(client);
    if (verdict.kind === 'kill') await end(flow, client, verdict.reason);
    else if (verdict.kind === 'respond') await answer(flow, client, core, verdict);
    else await ask(flow, client, core);
  } catch (thrown) {
    await fail(flow, client, core, thrown instanceof Error ? thrown : new Error(reasonOf(thrown)));
  }
  flow.endedAt = core.now();
  await core.hooks.complete.promise(flow);
  client.discard();
}

async function decide(flow: Flow, client: ClientEnd, { hooks, heldBody }: Core): Promise<Verdict> {
  const { request } = flow;
  // The two sides may talk by turns.
  if (isGrpc(request.headers)) flow.stream('request');
  const early = isTapped(hooks.requestHeaders) && (await hooks.requestHeaders.promise(flow));
  if (early) return early;
  if (request.body.kind === 'stream' && !flow.isStreamed('request')) {
    if (flow.keepsRequest) await client.readBody();
    else request.body = await holdBody(request, heldBody);
  }
  return (await hooks.request.promise(flow)) || (await hooks.unmatched.promise(flow)) || forward();
}

async function end(flow: Flow, client: ClientEnd, reason: string): Promise<void> {
  flow.outcome = 'killed';
  flow.notes.push(reason);
  try {
    if (flow.holdsEnd) await flow.settle();
  } finally {
    client.kill();
  }
}

async function answer(flow: Flow, client: ClientEnd, core: Core, verdict: Respond): Promise<void> {
  if (verdict.recorded) flow.recorded = verdict.recorded;
  const response = verdict.response.clone();
  const server = verdict.serve && servingSide(verdict.serve, flow, core);
  try {
    if (isTapped(core.hooks.responseHeaders)) await core.hooks.responseHeaders.promise(response, flow);
    await deliver(flow, client, core, response, server);
    flow.outcome = verdict.recorded ? 'replayed' : 'answered';
  } finally {
    verdict.response.body.cancel();
    server?.letGo();
  }
}

async function ask(flow: Flow, client: ClientEnd, core: Core): Promise<void> {
  if (core.offline) throw new EgressError(flow.decidedBy, `${flow.request.method} ${flow.request.url}`);
  const copy = flow.request.clone();
  // Those of a stream arrive later.
  if (copy.body.kind === 'stream') copy.trailers = flow.request.trailers;
  const request = await core.hooks.forward.promise(copy, flow);
  assertThere(client);
  let server: OtherSide | undefined;
  const response = await core.send(request, {
    signal: flow.signal,
    inform: (interim) => client.inform(interim),
    contact: () => (flow.contactedAt = core.now()),
    ...(client.switching && { switched: (end) => (server = upstreamSide(end, flow, core)) }),
  });
  const upstream = response.body;
  try {
    if (streamsByNature(response.headers)) flow.stream('response');
    if (isTapped(core.hooks.responseHeaders)) await core.hooks.responseHeaders.promise(response, flow);
    if (!flow.isStreamed('response')) response.body = await holdBody(response, core.heldBody);
    if (isTapped(core.hooks.received)) await core.hooks.received.promise(asReceived(response), flow);
    await deliver(flow, client, core, response, server);
    flow.outcome = 'forwarded';
  } finally {
    upstream.cancel();
    server?.letGo();
  }
}

/** `server` is whom the client talks to if it gets a 101. */
async function deliver(
  flow: Flow,
  client: ClientEnd,
  core: Core,
  given: HttpResponse,
  server?: OtherSide,
): Promise<void> {
  flow.response = given;
  const response = await core.hooks.response.promise(given, flow);
  flow.response = response;
  const onHead = () => (flow.headSentAt = core.now());
  if (response.status === 101) return switchProtocol(client, server, response, onHead);
  const held = flow.holdsEnd || response.body.kind === 'stream';
  await client.deliver(response, onHead, held ? () => flow.settle() : undefined);
}

async function fail(flow: Flow, client: ClientEnd, core: Core, error: Error): Promise<void> {
  flow.error = error;
  flow.outcome = client.isGone ? 'aborted' : 'failed';
  if (client.isGone || flow.headSentAt !== undefined) {
    client.kill();
    return;
  }
  const plain = HttpResponse.text(statusOf(error), reasonOf(error));
  const instead = await core.hooks.error.promise(error, flow).catch((second: unknown) => {
    core.warn(reasonOf(second));
  });
  flow.response = instead || plain;
  await client
    .deliver(flow.response, () => (flow.headSentAt = core.now()), undefined)
    .catch(() => client.kill());
}

function assertThere(client: ClientEnd): void {
  if (client.isGone) client.signal.throwIfAborted();
}

/** Where nobody listens nothing is to be waited for. */
function isTapped({ taps }: { readonly taps: readonly unknown[] }): boolean {
  return taps.length > 0;
}

/** Upstream's response apart from the one that hooks may change; trailers are shared, since a stream's arrive later. */
function asReceived(response: HttpResponse): HttpResponse {
  const received = response.clone();
  received.headers.freeze();
  received.trailers = response.trailers;
  return Object.freeze(received);
}
