import fc from 'fast-check';
import { byteChanges, changeBytes } from './fuzz';

/** How a request reaches the proxy. */
export type Way = 'regular' | 'reverse' | 'connect' | 'kill';

/** What one client sends over one connection. */
export interface RequestCase {
  readonly way: Way;
  /** One character a byte. */
  readonly bytes: string;
  /** Where it is cut into writes, as shares of its length. */
  readonly cuts: readonly number[];
}

/** The server that requests are for; no connection goes there. */
export const TARGET = 'fuzz.example';

const method = fc.constantFrom(
  ...[
    'GET',
    'GET',
    'GET',
    'GET',
    'POST',
    'POST',
    'POST',
    'PUT',
    'HEAD',
    'OPTIONS',
    'DELETE',
    'BREW',
    'get',
    'M-SEARCH',
  ],
);
const version = fc.constantFrom(
  ...Array<string>(30).fill('HTTP/1.1'),
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/0.9',
  'http/1.1',
  '',
);
const path = fc.constantFrom(
  ...[
    ...Array<string>(12).fill('/a'),
    '/',
    '/a?b=c',
    '/a',
    '//',
    '/%zz',
    '/../x',
    '/a#b',
    '/\xe9',
    '*',
    '',
    '/a b',
    '/?',
    'http://other.example/',
    '/\t',
    '/{}|"',
  ],
);
const line = fc.constantFrom(
  ...[
    'Accept: */*',
    'X-A: 1',
    'X-A: 2',
    'Cookie: a=1',
    'X-Empty:',
    'X-Latin: caf\xe9',
    'Connection: keep-alive',
    'TE: trailers',
    'Expect: 100-continue',
  ],
  ...[
    'Connection: close',
    'Connection: X-A',
    'Connection: host',
    'Keep-Alive: 5',
    'Proxy-Connection: x',
    'Upgrade: x',
    'Trailer: X-T',
  ],
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
    'Host: other.example',
  ],
  ...[
    'Content-Length: 3',
    'Content-Length: 0',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    `X-Long: ${'x'.repeat(5000)}`,
  ],
);
const lines = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom('Accept: */*', 'X-A: 1', 'X-B: 2', 'Cookie: a=1') },
    { weight: 1, arbitrary: line },
  ),
  { maxLength: 3 },
);
const content = fc.constantFrom(
  '',
  'x',
  'abc',
  'a=1&b=2',
  '0\r\n\r\n',
  'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n',
  '\0\xff',
  'x'.repeat(3000),
);
const size = fc.constantFrom<(length: number) => string>(
  ...Array<(length: number) => string>(30).fill((n) => n.toString(16)),
  ...[
    (n: number) => `0${n.toString(16)}`,
    (n: number) => `${n.toString(16)};a=b`,
    (n: number) => `${n.toString(16)} `,
    (n: number) => `0x${n.toString(16)}`,
    (n: number) => `+${n}`,
    () => 'ffffffffffffffff',
    () => '-1',
    () => '',
    (n: number) => (n + 1).toString(16),
  ],
);
const framing = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ line: '', bytes: '' }) },
  { weight: 4, arbitrary: content.map((text) => ({ line: `Content-Length: ${text.length}`, bytes: text })) },
  {
    weight: 4,
    arbitrary: fc
      .record({
        chunks: fc.array(
          fc.tuple(
            size,
            content.filter((text) => text !== ''),
          ),
          { maxLength: 3 },
        ),
        name: fc.constantFrom(
          ...Array<string>(8).fill('Transfer-Encoding: chunked'),
          'transfer-encoding:CHUNKED',
          'Transfer-Encoding: \tchunked',
        ),
        end: fc.constantFrom(
          ...Array<string>(6).fill('0\r\n\r\n'),
          '0\r\nX-T: 1\r\n\r\n',
          '000\r\n\r\n',
          '0;x\r\n\r\n',
          '0\r\nbad trailer\r\n\r\n',
          '0\r\nContent-Length: 9\r\n\r\n',
          '',
        ),
      })
      .map(({ chunks, name, end }) => ({
        line: name,
        bytes: chunks.map(([write, text]) => `${write(text.length)}\r\n${text}\r\n`).join('') + end,
      })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      line: fc.constantFrom(
        ...[
          'Content-Length: 00',
          'Content-Length: +1',
          'Content-Length: 1, 1',
          'Content-Length: 1\r\nContent-Length: 1',
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
          'Transfer\xad-Encoding: chunked',
        ],
      ),
      bytes: content,
    }),
  },
);
const WORDS = [
  ...[
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    '\0',
    ' ',
    '\t',
    ':',
    ',',
    ';',
    '\xff',
    '\x7f',
    '0',
    '/',
    '@',
    '%00',
    '#',
  ],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Content-Length: 5\r\n',
    'Host: b.example\r\n',
    'GET / HTTP/1.1\r\n',
    '0\r\n\r\n',
    'HTTP/1.1',
  ],
];

const message = fc
  .record({
    method,
    path,
    version,
    lines,
    framing,
    host: fc.constantFrom(...Array<string>(40).fill(TARGET), '', 'a, b', 'u@h', `${TARGET}:80`),
  })
  .map(({ framing: { line: told, bytes }, ...rest }) => ({ ...rest, told, bytes }));

/** Up to three requests, near to what is right or a little beside it, and one without a flaw that says that it is the last. */
export const requestCases: fc.Arbitrary<RequestCase> = fc
  .record({
    way: fc.constantFrom<Way>('regular', 'regular', 'reverse', 'connect', 'kill'),
    messages: fc.array(message, { minLength: 1, maxLength: 3 }),
    changes: fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: byteChanges(WORDS, 2) },
    ),
    cuts: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(
          fc.nat(99).map((part) => part / 100),
          { maxLength: 3 },
        ),
      },
    ),
  })
  .map(({ way, messages, changes, cuts }) => {
    const origin = way === 'regular' || way === 'kill' ? `http://${TARGET}` : '';
    const text = messages.map(
      ({ method: verb, path: where, version: spoken, lines: others, host, told, bytes }) => {
        const head = [
          `${verb} ${where === '*' ? '*' : origin + where} ${spoken}`,
          `Host: ${host}`,
          ...others,
          ...(told && [told]),
        ];
        return `${head.flat().join('\r\n')}\r\n\r\n${bytes}`;
      },
    );
    const last = `GET ${origin}/last HTTP/1.1\r\nHost: ${TARGET}\r\nConnection: close\r\n\r\n`;
    const preface = way === 'connect' ? `CONNECT ${TARGET}:80 HTTP/1.1\r\nHost: ${TARGET}:80\r\n\r\n` : '';
    const fuzzed = changeBytes(Buffer.from(text.join(''), 'latin1'), changes);
    return { way, cuts, bytes: preface + fuzzed.toString('latin1') + last };
  });
