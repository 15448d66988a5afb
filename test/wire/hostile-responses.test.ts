import assert from 'node:assert/strict';
import type { HttpResponse } from 'replay-proxy';
import { bytesOf, type CorpusCase, outcomeOf, readCorpus, shown } from '../support/corpus';
import {
  endToEnd,
  HostileTest,
  lineOf,
  MODES,
  Problems,
  readResponses,
  SAMPLE,
  soon,
} from '../support/hostile';
import type { RawClient } from '../support/raw-client';
import { Malformed, type StrictMessage, strictResponse, valuesOf } from '../support/strict-message';
import type { OriginConnection } from '../support/strict-origin';
import { stopProxies } from '../support/wire';

const CASES = readCorpus('responses.txt');
const OK = 'HTTP/1.1 200 OK\\r\\n';
/** What `Connection` cannot take from a response. */
const ESSENTIAL = /^content-(?:type|encoding)$/;
const LIMITS = { heldBody: 1_024, upstreamResponse: 3_000 };
/** For cases that end with a time-out. */
const HASTY = { ...LIMITS, upstreamResponse: 300 };
/** Signs for what a server does beside writing, and for how it is asked; none of them is a byte. */
const DOES = { later: '\u0100', close: '\u0101', reset: '\u0102', HEAD: '\u0103', '1.0': '\u0104' };

/** A response in the form in which readers are compared. */
interface Meaning {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

describe('hostile responses', () => {
  after(stopProxies);

  it('are 100 or more', () => assert.ok(CASES.length >= 100, `${CASES.length}`));

  for (const mode of MODES) {
    describe(`in ${mode} mode`, () => {
      const cases = CASES.filter((_, at) => mode !== 'tls' || at % SAMPLE === 0);
      let test: HostileTest;

      before(async () => (test = await HostileTest.start(mode, LIMITS)));
      after(() => test.stop());

      for (const section of new Set(cases.map((one) => one.section))) {
        const inSection = cases.filter((one) => one.section === section);
        it(section, async function () {
          this.timeout(30_000);
          const problems: string[] = [];
          if (section === 'Time') problems.push(...(await judgeLate(inSection, mode)));
          else {
            for (const one of inSection) {
              test.clear();
              serve([one], test);
              problems.push(...(await judge(one, test)));
            }
          }
          if (problems.length > 0) assert.fail(problems.join('\n'));
        });
      }

      it('leave nothing behind, and no warning', async () => {
        await test.settled();
        assert.deepEqual(test.proxy.warnings, []);
      });
    });
  }
});

async function judgeLate(cases: readonly CorpusCase[], mode: HostileTest['mode']): Promise<string[]> {
  const hasty = await HostileTest.start(mode, HASTY);
  try {
    serve(cases, hasty);
    const problems = await Promise.all(cases.map((one) => judge(one, hasty)));
    await hasty.settled();
    return problems.flat();
  } finally {
    await hasty.stop();
  }
}

/** Has the origin play these cases, and answer everything else with its own name. */
function serve(cases: readonly CorpusCase[], test: HostileTest): void {
  test.origin.answer = ({ start: [method, target] }, connection) => {
    const one = cases.find(({ name }) => target === `/${name}`);
    if (one) return void play(notationOf(one, test), connection);
    const body = target === '/witness' ? 'ok' : target;
    connection.socket.write(
      `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${method === 'HEAD' ? '' : body}`,
    );
  };
}

function notationOf({ name, bytes }: CorpusCase, test: HostileTest): string {
  return bytesOf(bytes.replace('{1.0}', DOES['1.0']), {
    ...test.values({ name }),
    ...DOES,
    OK,
  });
}

/** Only what is to be written. */
function written(notation: string): string {
  return notation.replace(/[\u0100-\u0104]/g, '');
}

async function play(notation: string, { socket, tcp }: OriginConnection): Promise<void> {
  for (const part of notation.replace(/[\u0103\u0104]/g, '').split(/(?=[\u0100-\u0102])/)) {
    // In a packet of its own, and behind what the proxy makes of the one before.
    if (part.startsWith(DOES.later)) await new Promise((resolve) => setTimeout(resolve, 10));
    const bytes = written(part);
    if (socket.destroyed) return;
    if (bytes !== '') await new Promise((resolve) => socket.write(bytes, 'latin1', resolve));
    if (part.startsWith(DOES.close)) socket.end();
    if (part.startsWith(DOES.reset)) {
      // A reset throws away what was not read yet.
      await new Promise((resolve) => setTimeout(resolve, 30));
      tcp.resetAndDestroy();
    }
  }
}

/** Runs one case and says what is wrong with what came of it. */
async function judge(one: CorpusCase, test: HostileTest): Promise<string[]> {
  const { name } = one;
  const outcome = outcomeOf(one, test.mode);
  const { kind, status, last, reading } =
    /^(?<kind>passed|failed|cut)(?: (?<status>\d{3}))?(?<last> last)?(?: ~ (?<reading>.*))?$/.exec(outcome)
      ?.groups ?? {};
  if (kind === undefined) throw new Error(`${one.place}: there is no outcome ${outcome}`);
  const notation = notationOf(one, test);
  const method = notation.includes(DOES.HEAD) ? 'HEAD' : 'GET';
  const isOld = notation.includes(DOES['1.0']);
  const values = test.values(one);
  const ask = bytesOf(`${method} {target} HTTP/1.${isOld ? '0' : '1'}\\r\\nHost: {host}\\r\\n\\r\\n`, values);
  const isLast = kind === 'cut' || isOld;
  const problems = new Problems();
  const client = await test.open();
  try {
    // What comes when no request is open shows as such only then.
    const isLate = notation.includes(DOES.later) && last !== undefined;
    const next = bytesOf('{next}', values);
    client.clear().send(ask + (isLate ? '' : next));
    if (isLate) {
      await isLetGo(name, test, problems);
      client.send(next);
    }
    const { responses, interim, ended } = await readResponses(client, [method], isLast ? 0 : 2);
    const [response, second] = responses;
    if (isLast && !ended) problems.add('the connection stays open');
    if (!isLast) problems.compare('the next one got', second?.body, `/next-of-${name}`);
    if (kind === 'cut') isCut(client, responses, written(notation), problems);
    if (kind === 'failed') isFailure(response, Number(status), problems);
    const meant =
      kind === 'passed'
        ? meantBy(reading === undefined ? written(notation) : bytesOf(reading, { ...values, OK }), method)
        : undefined;
    if (meant) {
      problems.compare(
        'the client got',
        response && meaningOf(response),
        isOld ? { ...meant.final, trailers: [] } : meant.final,
      );
      problems.compare('before it', interim.map(interimOf), isOld ? [] : meant.interim);
      problems.compare('its length is', response && lengthOf(response, method), meant.length);
    }
    await test.witness();
    await isRecorded(name, test, problems, meant?.final);
    if (kind !== 'passed' || last !== undefined) await isLetGo(name, test, problems);
    problems.compare('upstream could not read', test.origin.faults, []);
  } catch (error) {
    problems.add(error instanceof Malformed ? `not well formed: ${error.message}` : (error as Error).message);
    await test.witness().catch((second: Error) => problems.add(second.message));
  } finally {
    client.close();
  }
  return problems.report(`${one.place} ${name} (${test.mode}): ${outcome}`, [
    `upstream sent ${shown(notation)}`,
    `the client got ${shown(client.received)}`,
  ]);
}

/** What a server said, read by the rules. */
function meantBy(bytes: string, method: string) {
  const interim: ReturnType<typeof interimOf>[] = [];
  for (let rest = bytes; ;) {
    const one = strictResponse(rest, method, true);
    if (!one) throw new Error('what is to be passed on is not whole');
    const status = Number(one.start[1]);
    if (status >= 200) return { interim, final: meaningOf(one), length: lengthOf(one, method) };
    // 100 is between upstream and us.
    if (status !== 100) interim.push(interimOf(one));
    rest = rest.slice(one.length);
  }
}

function meaningOf({ start: [, status, reason], headers, body, trailers }: StrictMessage): Meaning {
  return {
    status: Number(status),
    reason,
    fields: endToEnd(headers, ESSENTIAL),
    body,
    trailers: trailers.map(lineOf),
  };
}

/** Their reason phrases are not kept. */
function interimOf({ start: [, status], headers }: StrictMessage) {
  return { status, fields: endToEnd(headers, ESSENTIAL) };
}

/** The length that a response without its body tells of. */
function lengthOf({ start: [, status], headers }: StrictMessage, method: string): string | undefined {
  return method === 'HEAD' || status === '304' ? valuesOf(headers, 'content-length')[0] : undefined;
}

function recordedMeaning({ status, reason, headers, body, trailers }: HttpResponse): Meaning {
  const content = body.bytesSync().toString('latin1');
  return {
    status,
    reason,
    fields: endToEnd([...headers], ESSENTIAL),
    body: content,
    trailers: [...trailers].map(lineOf),
  };
}

function isFailure(response: StrictMessage | undefined, status: number, problems: Problems): void {
  problems.compare('the client got', response?.start[1], String(status));
  problems.compare('its type is', response && valuesOf(response.headers, 'content-type'), [
    'text/plain; charset=utf-8',
  ]);
  if (!/^[^\n]+\n$/.test(response?.body ?? '')) problems.add('its body is no sentence');
}

/** A head and a part of the content, whose end cannot be taken for the whole. */
function isCut(client: RawClient, whole: readonly StrictMessage[], sent: string, problems: Problems): void {
  const wasReset = (client.socket.errored as NodeJS.ErrnoException | null)?.code === 'ECONNRESET';
  if (whole.length > 0 && !wasReset) problems.add('the client takes it for whole');
  const [, head, content = ''] = /^(HTTP[^]*?\r\n\r\n)([^]*)$/.exec(client.received) ?? [];
  if (head === undefined && !wasReset) problems.add('there is no head');
  const isChunked = /^transfer-encoding/im.test(head ?? '');
  const plain = isChunked ? content.replace(/(?:^|\r\n)[0-9a-f]+\r\n/g, '').replace(/\r\n$/, '') : content;
  if (!sent.includes(plain)) problems.add('something was added to the content');
}

async function isRecorded(
  name: string,
  test: HostileTest,
  problems: Problems,
  meant: Meaning | undefined,
): Promise<void> {
  const path = `/${name}`;
  const found = () => test.recorded.filter(({ request }) => request.path === path);
  await soon(() => found().length > 0);
  const [flow, ...others] = found();
  problems.compare('records of it', others.length, 0);
  if (meant) problems.compare('recorded is', flow?.response && recordedMeaning(flow.response), meant);
  problems.compare('a failure is recorded', flow?.error !== undefined, meant === undefined);
}

/** The connection that carried it carries nothing else. */
async function isLetGo(name: string, test: HostileTest, problems: Problems): Promise<void> {
  const { requests } = test.origin;
  const find = () => requests.findIndex(({ start: [, target] }) => target === `/${name}`);
  await soon(() => requests[find()]?.connection.tcp.closed === true);
  const at = find();
  const connection = requests[at]?.connection;
  if (connection?.tcp.closed !== true) problems.add('the upstream connection stays open');
  if (requests.slice(at + 1).some((later) => later.connection === connection))
    problems.add('the upstream connection was used again');
}
