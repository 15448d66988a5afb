import assert from 'node:assert/strict';
import {
  type AddonInput,
  type HttpRequest,
  type MitmProxy,
  openRecording,
  type RecordedFlow,
} from 'replay-proxy';
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
import { Malformed, type StrictMessage, strictRequest, valuesOf } from '../support/strict-message';
import { stopProxies } from '../support/wire';

const CASES = readCorpus('requests.txt');
/** For cases that end with a time-out. */
const HASTY = { requestBody: 600, headerTime: 600, tunnelSilence: 600 };

/** What must become of one request. */
interface Fate {
  readonly kind: 'forwarded' | 'answered' | 'refused' | 'closed';
  readonly status: number;
  /** The connection ends with it. */
  readonly isLast: boolean;
  /** The bytes that upstream must get, where the corpus says them. */
  readonly exact: string | undefined;
  /** The well-formed request that a reader may take it for, by a rule that the corpus names. */
  readonly reading: string | undefined;
}

/** A request in the form in which readers are compared. */
interface Meaning {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly fields: readonly string[];
  readonly body: string;
  readonly trailers: readonly string[];
}

/** Bodies go on to upstream while they arrive: what turns out to be bad must not become a whole message there. */
const streamRequests: AddonInput = ({ hooks }: MitmProxy) => {
  hooks.requestHeaders.tap('Stream', (flow) => flow.stream('request'));
};

describe('hostile requests', () => {
  after(stopProxies);

  it('are 300 or more', () => assert.ok(CASES.length >= 300, `${CASES.length}`));

  for (const { mode, isStreamed } of [
    ...MODES.map((one) => ({ mode: one, isStreamed: false })),
    { mode: 'regular' as const, isStreamed: true },
  ]) {
    describe(`in ${mode} mode${isStreamed ? ', their bodies streamed' : ''}`, () => {
      const addons = isStreamed ? [streamRequests] : [];
      const ofMode = CASES.filter((_, at) => mode !== 'tls' || at % SAMPLE === 0);
      const late = ofMode.filter(({ section }) => section === 'Time');
      const cases = ofMode.filter(({ section }) => section !== 'Time');
      const kept: RecordedFlow[] = [];
      let test: HostileTest;

      before(
        async () => (test = await HostileTest.start(mode, { requestBody: 2_000, headerTime: 2_000 }, addons)),
      );
      after(() => test.stop());

      for (const section of new Set(cases.map((one) => one.section))) {
        it(section, async function () {
          this.timeout(30_000);
          const problems: string[] = [];
          for (const one of cases.filter((other) => other.section === section)) {
            test.clear();
            problems.push(...(await judge(one, test)));
            kept.push(...test.recorded);
          }
          if (problems.length > 0) assert.fail(problems.join('\n'));
        });
      }

      it('Time', async () => {
        const hasty = await HostileTest.start(mode, HASTY, addons);
        try {
          const problems = await Promise.all(late.map((one) => judge(one, hasty, false)));
          if (problems.flat().length > 0) assert.fail(problems.flat().join('\n'));
          await hasty.settled();
        } finally {
          await hasty.stop();
        }
      });

      it('are in the file as they were recorded', async () => {
        const { flows } = await openRecording(test.file);
        const requests = flows.filter(({ request }) => request.path !== '/witness');
        assert.deepEqual(
          requests.map(({ request }) => recordedMeaning(request)),
          kept.map(({ request }) => recordedMeaning(request)),
        );
      });

      it('leave nothing behind, and no warning', async () => {
        await test.settled();
        assert.deepEqual(test.proxy.warnings, []);
      });
    });
  }
});

/** Runs one case, or several at once, and says what is wrong with what came of it. */
async function judge(one: CorpusCase, test: HostileTest, isAlone = true): Promise<string[]> {
  const mine = isAlone ? '' : one.name;
  const values = test.values(one);
  const outcome = outcomeOf(one, test.mode);
  const fates = fatesOf(outcome, values);
  const goesOn = !fates.at(-1)!.isLast;
  const sent = bytesOf(one.bytes, values);
  const next = isAlone ? bytesOf('{next}', values) : '';
  const all = goesOn ? [...fates, NEXT] : fates;
  const client = await test.open();
  const problems = new Problems();
  try {
    const messages = [...readStrictly(sent, fates), goesOn ? strictRequest(next) : undefined];
    client.clear().send(sent + next);
    const methods = all.map((_, at) => messages[at]?.start[0] ?? /^\s*([!-~]*)/.exec(sent)![1]!);
    const { responses, rest, ended } = await readResponses(client, methods, goesOn ? all.length : 0);
    const statuses = all.filter(({ kind }) => kind !== 'closed').map(({ status }) => status);
    problems.compare(
      'the client got',
      responses.map(({ start }) => Number(start[1])),
      statuses,
    );
    if (rest !== '') problems.add(`the client got more: ${shown(rest)}`);
    if (!goesOn && !ended) problems.add('the connection stays open');
    for (const { start, headers } of responses.slice(-1)) {
      const closes = valuesOf(headers, 'connection').includes('close');
      if (!goesOn && !closes && start[0] === 'HTTP/1.1')
        problems.add('the last response does not say that it closes');
    }
    await test.witness();
    const forwarded = all.flatMap((fate, at) =>
      fate.kind === 'forwarded' ? [{ fate, message: messages[at]! }] : [],
    );
    const asMeant = forwarded.map(({ message }) => meaningOf(message, test));
    problems.compare(
      'upstream got',
      test.arrived(mine).map((message) => meaningOf(message, test, true)),
      asMeant,
    );
    problems.compare(
      'recorded is',
      // What failed on its way is recorded as failed.
      test
        .written(mine)
        .filter(({ error }) => error === undefined)
        .map(({ request }) => recordedMeaning(request)),
      asMeant,
    );
    forwarded.forEach(({ fate }, at) => {
      if (fate.exact !== undefined)
        problems.compare('the bytes upstream got are', test.arrived(mine)[at]?.text, fate.exact);
    });
    problems.compare('upstream could not read', test.origin.faults, []);
    await soon(() => test.origin.leftovers.length === 0);
    problems.compare('upstream has left over', test.origin.leftovers, []);
  } catch (error) {
    problems.add(error instanceof Malformed ? `not well formed: ${error.message}` : (error as Error).message);
    await test.witness().catch((second: Error) => problems.add(second.message));
  } finally {
    client.close();
  }
  return problems.report(`${one.place} ${one.name} (${test.mode}): ${outcome}`, [
    `sent ${shown(sent)}`,
    `got ${shown(client.received)}`,
  ]);
}

const NEXT: Fate = { kind: 'forwarded', status: 200, isLast: false, exact: undefined, reading: undefined };

function fatesOf(outcome: string, values: Record<string, string>): Fate[] {
  const [words = '', sign, bytes = ''] = outcome.split(/ (=|~) (.*)/);
  const exact = sign === undefined ? undefined : bytesOf(bytes, values);
  return words.split(', ').map((text, at, { length }) => {
    const [, kind, digits = '200', last] =
      /^(forwarded|answered|refused|closed)(?: (\d{3}))?( last)?$/.exec(text) ?? [];
    if (kind === undefined) throw new Error(`there is no outcome ${JSON.stringify(text)}`);
    return {
      kind: kind as Fate['kind'],
      status: Number(digits),
      isLast: kind === 'refused' || kind === 'closed' || last !== undefined,
      exact: sign === '=' && at === length - 1 ? exact : undefined,
      reading: sign === '~' && at === length - 1 ? exact : undefined,
    };
  });
}

/** What the client meant: the messages that are to be forwarded, read by the rules. */
function readStrictly(bytes: string, fates: readonly Fate[]): (StrictMessage | undefined)[] {
  let rest = bytes;
  return fates.map(({ kind, reading }) => {
    if (kind === 'refused' || kind === 'closed') return undefined;
    if (reading !== undefined) return strictRequest(reading);
    // RFC 9112 §2.2: empty lines before a request are passed over.
    rest = rest.replace(/^(?:\r\n)+/, '');
    const message = strictRequest(rest);
    if (!message) throw new Error('what is to be forwarded is not whole');
    rest = rest.slice(message.length);
    return message;
  });
}

function meaningOf(message: StrictMessage, test: HostileTest, isUpstream = false): Meaning {
  const [method, target] = message.start;
  const [, authority, rest = target] = /^(?:http|ws)s?:\/\/([^/?#]*)(.*)$/i.exec(target) ?? [];
  const path = rest === '' ? (method === 'OPTIONS' ? '*' : '/') : rest.replace(/^(?=[?#])/, '/');
  const upstream = `127.0.0.1:${test.origin.port}`;
  const own =
    test.mode === 'reverse' ? upstream : (authority ?? valuesOf(message.headers, 'host')[0] ?? upstream);
  return {
    method,
    target: path,
    host: (isUpstream ? valuesOf(message.headers, 'host').join() : own).toLowerCase(),
    fields: endToEnd(message.headers),
    body: message.body,
    trailers: message.trailers.map(lineOf),
  };
}

function recordedMeaning(request: HttpRequest): Meaning {
  return {
    method: request.method,
    target: request.path,
    host: request.headers.getAll('host').join().toLowerCase(),
    fields: endToEnd([...request.headers]),
    body: request.body.bytesSync().toString('latin1'),
    trailers: [...request.trailers].map(lineOf),
  };
}
