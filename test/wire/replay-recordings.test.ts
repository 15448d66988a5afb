import assert from 'node:assert/strict';
import path from 'node:path';
import { openRecording, type RecordedFlow } from 'replay-proxy';
import {
  RecordedClient,
  RECORDINGS,
  replayAddons,
  startProxy,
  stopProxies,
  type WireProxy,
} from '../support/wire';
import type { WireResponse } from '../support/wire-response';

/** Each recording, the numbers of the entries that can answer, and why the others cannot. */
const OWN: [name: string, usable: number[], problem?: RegExp][] = [
  ['mitmproxy/one-form', [1]],
  ['mitmproxy/regular-http1', [1, 2, 3], /1 of 4 entries cannot answer: 1 without a response \(#4\)$/],
  ['mitmproxy/regular-https', [1, 2]],
  ['mitmproxy/reverse-http', [1, 2, 3, 4, 5, 6]],
  ['mitmproxy/reverse-https', [1, 2]],
  ['mitmproxy/streamed-nobody', [], /2 of 2 entries cannot answer: 2 without a stored body \(#1 #2\)$/],
];
const FILES: typeof OWN = [
  ...OWN.flatMap(([name, ...rest]) =>
    ['v17', 'v21'].map((version): (typeof OWN)[number] => [`${name}-${version}.mitm`, ...rest]),
  ),
  [
    'chromium/shop-embedded.har',
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    /2 of 11 entries cannot answer: 2 without a stored body \(#10 #11\)$/,
  ],
  [
    'chromium/shop-attached/chromium-attach.har',
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
    /2 of 11 entries cannot answer: 2 without a stored body \(#10 #11\)$/,
  ],
];
const LATER = Date.UTC(2031, 4, 6, 7, 8, 9, 750);
const FRAMING = /^(content-length|transfer-encoding|connection|keep-alive)$/i;

type Pairs = readonly (readonly [name: string, value: string])[];

describe('a recording whose server is gone', () => {
  afterEach(stopProxies);

  for (const [name, usable, problem] of FILES) {
    it(`answers as recorded, dates moved: ${name}`, async () => {
      const { proxy, answers } = await replayed(name, usable, problem, LATER);
      for (const [entry, answer] of answers) {
        const { headers, startedAt } = entry.response!;
        const delta = Math.floor((LATER - startedAt) / 1000) * 1000;
        same(answer, entry);
        assert.deepEqual(unframed(answer.headers), moved(unframed([...headers]), delta));
      }
      nothingLeft(proxy);
    });

    it(`answers as recorded, all of it, without refresh: ${name}`, async () => {
      const { proxy, answers } = await replayed(name, usable, problem, false);
      for (const [entry, answer] of answers) {
        same(answer, entry);
        assert.deepEqual(unframed(answer.headers), unframed([...entry.response!.headers]));
      }
      nothingLeft(proxy);
    });
  }

  it('gives what its reader cannot have made up', async () => {
    const file = path.join(RECORDINGS, 'mitmproxy/reverse-http-v17.mitm');
    const proxy = await startProxy(replayAddons([file], { now: false }));
    const client = (await proxy.open()).send(
      'GET http://127.0.0.1:47002/far HTTP/1.1\r\nHost: 127.0.0.1:47002\r\nConnection: close\r\n\r\n',
    );
    assert.match(
      await client.end(),
      /^HTTP\/1\.1 200 OK\r\nDate: Sun, 22 Nov 2026 11:16:59 GMT\r\nExpires: Fri, 31 Dec 9999 23:59:59 GMT\r\nContent-Length: 36\r\nConnection: close\r\n\r\n/,
    );
  });
});

/** Replays a recording, asks for every entry in order and for all of them once more, which must be killed. */
async function replayed(name: string, usable: number[], problem: RegExp | undefined, now: number | false) {
  const file = path.join(RECORDINGS, name);
  const lines: string[] = [];
  const proxy = await startProxy(replayAddons([file], { now, warn: (line) => lines.push(line) }));
  assert.equal(lines.length, problem ? 1 : 0, lines.join('\n'));
  if (problem) assert.match(lines[0]!, problem);

  const recording = await openRecording(file);
  const client = new RecordedClient(proxy);
  const answers: [RecordedFlow, WireResponse][] = [];
  for (const entry of recording.flows) {
    const answer = await client.ask(entry.request);
    assert.equal(
      answer !== undefined,
      usable.includes(entry.number),
      `${entry.request.method} ${entry.request.url}`,
    );
    if (!answer) continue;
    assert.deepEqual(answer.body, entry.response!.body.bytesSync());
    answers.push([entry, answer]);
  }
  for (const { request } of recording.flows) {
    assert.equal(await client.ask(request), undefined, `${request.url} was used up`);
  }
  client.close();
  recording.close();
  return { proxy, answers };
}

function same(answer: WireResponse, { response, number }: RecordedFlow): void {
  assert.equal(answer.status, response!.status, `entry ${number}`);
  assert.equal(answer.reason, response!.reason);
}

function nothingLeft({ proxy, flows, warnings }: WireProxy): void {
  assert.deepEqual([...proxy.contacted], []);
  assert.deepEqual(warnings, []);
  for (const { outcome, error } of flows) assert.match(outcome!, /^(replayed|killed)$/, error?.message);
}

const unframed = (headers: Pairs): Pairs => headers.filter(([name]) => !FRAMING.test(name));

/** What refresh should do, told without its code. */
function moved(headers: Pairs, delta: number): Pairs {
  const move = (date: string) =>
    new Date(date).getUTCFullYear() >= 9999 ? date : new Date(Date.parse(date) + delta).toUTCString();
  return headers.map(([name, value]) => {
    if (/^(date|expires|last-modified)$/i.test(name)) return [name, move(value)];
    if (!/^set-cookie$/i.test(name)) return [name, value];
    return [name, value.replace(/(expires=)([^;]*)/i, (_, key: string, date: string) => key + move(date))];
  });
}
