import fc from 'fast-check';
import { byteChanges, changeBytes } from './fuzz';

/** What a server answers one request with. */
export interface ResponseCase {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** One character a byte. */
  readonly bytes: string;
  /** Where they are cut into two writes, as a share of their length. */
  readonly cut: number;
  /** What comes of the connection. */
  readonly then: 'keep' | 'end' | 'reset';
}

const often = <T>(times: number, usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.constantFrom(...Array<T>(times).fill(usual), ...others);
const version = often(20, 'HTTP/1.1', 'HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/1', 'http/1.1', 'ICY', '');
const status = often(
  20,
  '200 OK',
  ...[
    '201 Created',
    '204 No Content',
    '304 Not Modified',
    '205 Reset Content',
    '206 Partial Content',
    '404 Not Found',
    '500 Oh no',
    '999 Odd',
  ],
  ...[
    '200',
    '200 ',
    '200 M\xfcnchen',
    '200 a\tb',
    '200 a\0b',
    '101 Switching Protocols',
    '100 Continue',
    '103 Early Hints',
    '099 Low',
    '1000 High',
    '20 Short',
    '2OO OK',
    '-200 OK',
  ],
);
const line = fc.constantFrom(
  ...[
    'Content-Type: text/plain',
    'Content-Type: text/event-stream',
    'X-A: 1',
    'X-A: 2',
    'Set-Cookie: a=1',
    'Set-Cookie: b=2',
    'X-Empty:',
    'X-Latin: caf\xe9',
  ],
  ...[
    'Connection: close',
    'Connection: keep-alive',
    'Connection: X-A',
    'Keep-Alive: timeout=1',
    'Trailer: X-T',
    'Upgrade: h2c',
    'Proxy-Authenticate: Basic',
    'Content-Encoding: gzip',
  ],
);
const oddLine = fc.constantFrom(
  ...[
    'X-Fold: a\r\n b',
    'X-Space : 1',
    ' X-Lead: 1',
    'X-Nul: a\0b',
    'X-Cr: a\rb',
    'X-Lf: a\nb',
    'no colon',
    ': no name',
    '__proto__: x',
    `X-Long: ${'x'.repeat(5000)}`,
  ],
  ...[
    'Content-Length: 3',
    'Content-Length: 0',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Content-Length: 3, 3',
  ],
);
const lines = fc.array(fc.oneof({ weight: 12, arbitrary: line }, { weight: 1, arbitrary: oddLine }), {
  maxLength: 4,
});
const content = fc.constantFrom(
  '',
  'x',
  'abc',
  'data: 1\n\n',
  '0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
  '\0\xff',
  'x'.repeat(3000),
);
type Size = (length: number) => string;
const size = often<Size>(
  30,
  (n) => n.toString(16),
  ...([
    (n) => `0${n.toString(16)}`,
    (n) => `${n.toString(16)};a=b`,
    (n) => `${n.toString(16)} `,
    (n) => `0x${n.toString(16)}`,
    () => 'ffffffffffffffff',
    () => '-1',
    () => '',
    (n) => (n + 1).toString(16),
  ] satisfies Size[]),
);
const framing = fc.oneof(
  { weight: 2, arbitrary: content.map((bytes) => ({ told: '', bytes })) },
  { weight: 5, arbitrary: content.map((bytes) => ({ told: `Content-Length: ${bytes.length}`, bytes })) },
  {
    weight: 5,
    arbitrary: fc
      .record({
        chunks: fc.array(
          fc.tuple(
            size,
            content.filter((text) => text !== ''),
          ),
          { maxLength: 3 },
        ),
        told: often(
          8,
          'Transfer-Encoding: chunked',
          'transfer-encoding:CHUNKED',
          'Transfer-Encoding: \tchunked',
        ),
        end: often(
          8,
          '0\r\n\r\n',
          '0\r\nX-T: 1\r\n\r\n',
          '000\r\n\r\n',
          '0;x\r\n\r\n',
          '0\r\nbad trailer\r\n\r\n',
          '0\r\nContent-Length: 9\r\n\r\n',
          '',
        ),
      })
      .map(({ chunks, told, end }) => ({
        told,
        bytes: chunks.map(([write, text]) => `${write(text.length)}\r\n${text}\r\n`).join('') + end,
      })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      told: fc.constantFrom(
        ...[
          'Content-Length: 00',
          'Content-Length: +1',
          'Content-Length: 1, 1',
          'Content-Length: 1\r\nContent-Length: 1',
          'Content-Length: 1\r\nContent-Length: 2',
          'Content-Length: 99999999999999999999',
          'Content-Length: 20',
        ],
        ...[
          'Transfer-Encoding: gzip, chunked',
          'Transfer-Encoding: chunked\r\nContent-Length: 3',
          'Transfer-Encoding: xchunked',
          'Transfer-Encoding:',
          'Transfer-Encoding: chunked, chunked',
          'Transfer-Encoding : chunked',
        ],
      ),
      bytes: content,
    }),
  },
);
const WORDS = [
  ...['\r', '\n', '\r\n', '\r\n\r\n', '\0', ' ', '\t', ':', ',', ';', '\xff', '\x7f', '0'],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 5\r\n',
    'HTTP/1.1 200 OK\r\n\r\n',
    '0\r\n\r\n',
    'Connection: close\r\n',
  ],
];
const interim = often(
  20,
  '',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 102 x\r\nContent-Length: 3\r\n\r\n',
);
const surplus = often(12, '', 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil', '\r\n', 'x', '\0');

/** Responses near to what is right, or a little beside it, with what comes before and behind them. */
export const responseCases: fc.Arbitrary<ResponseCase> = fc
  .record({
    method: often<ResponseCase['method']>(6, 'GET', 'HEAD', 'POST'),
    head: fc.tuple(interim, version, status, lines),
    framing,
    surplus,
    changes: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: byteChanges(WORDS, 2) },
    ),
    cut: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.nat(99).map((part) => part / 100) },
    ),
    then: fc.constantFrom<ResponseCase['then']>('keep', 'keep', 'end', 'end', 'reset'),
  })
  .map(
    ({
      method,
      head: [before, spoken, said, others],
      framing: { told, bytes },
      surplus: behind,
      changes,
      cut,
      then,
    }) => {
      const head = [`${spoken} ${said}`, ...others, ...(told === '' ? [] : [told])].join('\r\n');
      const text = `${before}${head}\r\n\r\n${bytes}${behind}`;
      const fuzzed = changeBytes(Buffer.from(text, 'latin1'), changes).toString('latin1');
      // Streams of events may be silent for as long as they like.
      const mayWait = /event-stream/i.test(fuzzed);
      return { method, bytes: fuzzed, cut, then: mayWait && then === 'keep' ? 'end' : then };
    },
  );
