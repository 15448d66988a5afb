import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type Flow, type MitmProxy } from 'replay-proxy';
import { fuzz } from '../support/fuzz';
import { type ResponseCase, responseCases } from '../support/fuzz-responses';
import { until } from '../support/raw-origin';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { Malformed, type StrictMessage, strictResponse, valuesOf } from '../support/strict-message';
import { StrictOrigin } from '../support/strict-origin';
import { startProxy, stopProxies, type WireProxy } from '../support/wire';

describe('fuzzed responses', () => {
  let origin: StrictOrigin;
  let proxy: WireProxy;
  let held: Resources;
  let cases = 0;
  const answers = new Map<string, ResponseCase>();
  const flows = new Map<string, Flow>();

  before(async () => {
    held = resourcesNow();
    origin = await StrictOrigin.start();
    origin.answer = ({ start: [, path] }, { socket }) => {
      // An ending is for the response before it, not for one that begins.
      clearTimeout(endings.get(socket));
      const answer = answers.get(path);
      if (answer) say(answer, socket);
      else socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${path.length}\r\n\r\n${path}`);
    };
    const watch = ({ hooks }: MitmProxy) =>
      hooks.complete.tap('Watch', (flow) => void flows.set(flow.request.path, flow));
    proxy = await startProxy([watch], { limits: { upstreamResponse: 300 } });
  });

  after(async () => {
    await stopProxies();
    await origin.stop();
    await settlesTo(held);
  });

  fuzz('come whole, not at all or visibly cut, and only to those who asked', responseCases, check, {
    atOnce: 128,
    useful: 0.25,
  });

  it('leave the proxy serving others, and nothing behind', async () => {
    assert.equal((await ask('GET', '/others'))?.body, '/others');
    assert.deepEqual(proxy.warnings, []);
    assert.deepEqual(origin.faults, []);
  });

  async function ask(method: string, path: string): Promise<StrictMessage | undefined> {
    const client = await proxy.open();
    const target = `http://127.0.0.1:${origin.port}${path}`;
    const content = method === 'POST' ? 'Content-Length: 2\r\n\r\nhi' : '\r\n';
    let said = await client
      .send(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${content}`)
      .end();
    let response = strictResponse(said, method, true);
    while (response && Number(response.start[1]) < 200) {
      said = said.slice(response.length);
      response = strictResponse(said, method, true);
    }
    assert.equal(said.slice(response?.length ?? said.length), '', 'nothing behind a whole response');
    await until(() => flows.has(path));
    return response;
  }

  async function check(one: ResponseCase, tries = 8): Promise<boolean> {
    const number = ++cases;
    const path = `/${number}`;
    answers.set(path, one);
    const response = await ask(one.method, path);
    const flow = flows.get(path)!;
    const right = rightly(one);
    if (flow.outcome === 'forwarded') {
      assert.notEqual(response, undefined, 'whole');
      assert.notEqual(response!.framing, 'close');
      if (right) assert.deepEqual([response!.start[1], response!.body], [right.start[1], right.body]);
    } else {
      assert.equal(flow.outcome, 'failed');
      if (response) assertSentence(response, one.method);
      if (right) {
        const isChance = tries > 1 && isBadLuck(one, flow.error!.message);
        assert.ok(isChance, `refused: ${flow.error!.message}`);
        return check(one, tries - 1);
      }
    }
    answers.delete(path);
    flows.delete(path);
    if (number % 4 === 0) await checkNext(`/next-${number}`);
    return flow.outcome === 'forwarded';
  }

  /** What lies behind a response may spoil the connection for the next one, but never become its answer. */
  async function checkNext(path: string): Promise<void> {
    const answer = await ask('GET', path);
    if (answer?.start[1] === '502') assertSentence(answer, 'GET');
    else assert.equal(answer?.body, path);
    flows.delete(path);
  }
});

const endings = new WeakMap<Socket, NodeJS.Timeout>();

function say({ bytes, cut, then }: ResponseCase, socket: Socket): void {
  const end = () => {
    if (then === 'keep') return;
    // The bytes should be read before a reset throws them away.
    const ending = setTimeout(() => (then === 'end' ? socket.end() : socket.resetAndDestroy()), 5);
    endings.set(socket, ending);
  };
  const at = Math.floor(cut * bytes.length);
  if (at > 0) socket.write(bytes.slice(0, at), 'latin1');
  if (at === 0) socket.write(bytes, 'latin1', end);
  else setImmediate(() => socket.write(bytes.slice(at), 'latin1', end));
}

/** The response that there is no doubt about; undefined if it is another one, or none. */
function rightly({ method, bytes, then }: ResponseCase): StrictMessage | undefined {
  if (then === 'reset') return undefined;
  try {
    const found = strictResponse(bytes, method, then === 'end');
    // A parser may refuse a trailer that has no business there.
    const isOdd = found?.trailers.some(([name]) => /^content-length$/i.test(name));
    return found && !isOdd && Number(found.start[1]) >= 200 ? found : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/**
 * A server may close its connection just when a request leaves on it, and only a safe one is sent again (RFC 9112 §9.3.1); a busy machine may
 * let time pass.
 */
function isBadLuck({ method }: ResponseCase, problem: string): boolean {
  return (
    (method === 'POST' && / before it sent a response$/.test(problem)) || /sent nothing for/.test(problem)
  );
}

function assertSentence({ start, headers, body }: StrictMessage, method: string): void {
  assert.match(start[1], /^50[24]$/);
  assert.deepEqual(valuesOf(headers, 'content-type'), ['text/plain; charset=utf-8']);
  assert.match(body, method === 'HEAD' ? /^$/ : /^[^\r\n]+\n$/);
}
