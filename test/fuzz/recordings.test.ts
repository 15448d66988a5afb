import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { TnetCursor } from '../../src/recording/tnetstring-cursor';
import { exchange, own, ownDumps } from '../support/dumps';
import { byteChanges, changeBytes, fuzz } from '../support/fuzz';
import { RecordingTrap } from '../support/fuzz-recording';
import {
  changeTree,
  fromJson,
  fromTnet,
  type Leaf,
  toJson,
  toTnet,
  type Tree,
  treeChanges,
} from '../support/fuzz-tree';
import { dumpableFlows, recordedFlows } from '../support/recorded-flows';
import { fixtures, picture } from '../recording/har-samples';

const LEAVES: Leaf[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', 'x', '\r\n', '\0', '\ud800', '\xe9', '[]', '{}'],
  ...[
    'base64',
    'gzip',
    'chunked',
    'utf-16',
    '*',
    'NaN',
    '2026-13-45T99:99:99Z',
    'http://[::1',
    'file:///etc/passwd',
  ],
  ...[
    'https://user:pass@h:99999/\u{1f600}?#',
    '../secret.txt',
    'link',
    'inside.txt',
    '/etc/passwd',
    'a/../../secret.txt',
    'x'.repeat(70_000),
  ],
];
const KEYS = [
  ...[
    '__proto__',
    'constructor',
    'polluted',
    'log',
    'entries',
    'request',
    'response',
    'headers',
    'name',
    'value',
    'url',
  ],
  ...[
    '_file',
    'encoding',
    'text',
    'postData',
    'params',
    '_replay',
    'times',
    'target',
    'body',
    'incomplete',
    'redacted',
  ],
  ...[
    '_webSocketMessages',
    'status',
    'content',
    'version',
    'type',
    'path',
    'host',
    'port',
    'trailers',
    'timestamp_start',
  ],
];

const hars = ['chromium/shop-embedded.har', 'chromium/shop-attached/chromium-attach.har'].flatMap((name) => {
  const { log } = JSON.parse(readFileSync(path.join(fixtures, name), 'utf8')) as {
    log: { entries: object[] };
  };
  const { entries, ...head } = log;
  return [0, 3, 6, 9].map((from) => fromJson({ log: { ...head, entries: entries.slice(from, from + 3) } }));
});
const dumps = ownDumps().map((name) => {
  const cursor = new TnetCursor(readFileSync(own(name)));
  const records: Tree[] = [];
  while (records.length < 3 && cursor.next()) records.push(fromTnet(cursor.value()));
  return records;
});

const again = fc.constantFrom('again.har', 'again.mitm', ...Array<undefined>(6).fill(undefined));

/** As another tool writes it, on one line, or as we do with an entry a line. */
function layOut(tree: Tree, layout: string): string {
  if (layout === 'pretty') return toJson(tree, '\n  ');
  const text = toJson(tree);
  return layout === 'lines'
    ? text
        .replace('"entries":[{', '"entries":[\n{')
        .replaceAll('},{"pageref"', '},\n{"pageref"')
        .replace(/\]\}\}$/, '\n]}}\n')
    : text;
}

describe('fuzzed recordings', () => {
  const trap = new RecordingTrap();
  after(() => trap.close());

  fuzz(
    'HARs are read or refused, and written again as read',
    fc.record({
      tree: fc.constantFrom(...hars),
      again,
      changes: treeChanges(LEAVES, KEYS, 3),
      layout: fc.constantFrom('one line', 'lines', 'pretty'),
      bytes: byteChanges(
        [
          '"',
          '\\',
          '\\u0000',
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '\n',
          '\0',
          '\xff',
          '1e999',
          '"__proto__":{"polluted":1},',
        ],
        1,
      ),
    }),
    ({ tree, changes, layout, bytes, again }) =>
      trap.check(
        'fuzzed.har',
        changeBytes(Buffer.from(layOut(changeTree(tree, changes), layout)), bytes),
        again,
      ),
    { useful: 0.25 },
  );

  fuzz(
    'dumps are read or refused, and written again as read',
    fc.record({
      records: fc.constantFrom(...dumps),
      again,
      changes: treeChanges(LEAVES, KEYS, 3),
      bytes: byteChanges(['0:~', '5:false!', '9999999999:', '1:', ']', '}', '3:1.5^', '0:,', '\xff', '-'], 1),
    }),
    ({ records, changes, bytes, again }) => {
      const tree = changeTree({ kind: 'list', items: records }, changes);
      const content = Buffer.concat(tree.kind === 'list' ? tree.items.map(toTnet) : [toTnet(tree)]);
      return trap.check('fuzzed.mitm', changeBytes(content, bytes), again);
    },
    { useful: 0.25 },
  );

  for (const [name, flows, view] of [
    ['made.har', recordedFlows, picture],
    ['made.mitm', dumpableFlows, exchange],
  ] as const) {
    fuzz(
      `what is written to ${name} is read as it was`,
      fc.array(flows, { minLength: 1, maxLength: 19, size: 'max' }),
      async (some) => {
        await trap.roundTrip(some, name, view);
        return true;
      },
      { holds: 10 },
    );
  }
});
