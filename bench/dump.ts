import { encodeTnetstring, TnetFloat, type TnetValue } from '../src/recording/tnetstring';
import { answerOf, HOST, pathOf, recordedAt } from './answers';

type Pairs = readonly (readonly [string, string])[];

/**
 * The entry `at` as a record of a mitmproxy dump of version 17: what mitmproxy 8.1, the one that Debian has, writes and reads. Ours
 * writes version 21, which it refuses.
 */
export function dumpRecord(at: number, size: number, scheme: 'http' | 'https', request: Pairs): Buffer {
  const seconds = new TnetFloat(Date.parse(recordedAt(at)) / 1000);
  const { headers, body } = answerOf(at, size);
  const message = {
    http_version: bytes('HTTP/1.1'),
    timestamp_start: seconds,
    timestamp_end: seconds,
    trailers: null,
  };
  return encodeTnetstring({
    version: 17,
    type: 'http',
    id: id(at, 0),
    error: null,
    client_conn: { ...connection(id(at, 1)), ...CLIENT, timestamp_start: seconds },
    server_conn: { ...connection(id(at, 2)), ...SERVER },
    intercepted: false,
    is_replay: null,
    marked: '',
    metadata: {},
    comment: '',
    timestamp_created: seconds,
    websocket: null,
    request: {
      ...message,
      host: HOST,
      port: scheme === 'http' ? 80 : 443,
      method: bytes('GET'),
      scheme: bytes(scheme),
      authority: bytes(''),
      path: bytes(pathOf(at)),
      headers: pairs(request),
      content: bytes(''),
    },
    response: { ...message, status_code: 200, reason: bytes('OK'), headers: pairs(headers), content: body },
  });
}

const CLIENT = {
  address: ['127.0.0.1', 50_000],
  sockname: ['127.0.0.1', 8080],
  mitmcert: null,
  tls_extensions: [],
};

const SERVER = {
  address: [HOST, 80],
  ip_address: null,
  source_address: null,
  timestamp_tcp_setup: null,
  via: null,
  via2: null,
  timestamp_start: null,
};

function connection(uuid: string): Record<string, TnetValue> {
  return {
    id: uuid,
    alpn: null,
    alpn_offers: [],
    certificate_list: [],
    cipher_list: [],
    cipher_name: null,
    error: null,
    sni: null,
    state: 0,
    timestamp_end: null,
    timestamp_tls_setup: null,
    tls: false,
    tls_established: false,
    tls_version: null,
  };
}

function id(at: number, kind: number): string {
  return `00000000-0000-4000-800${kind}-${String(at).padStart(12, '0')}`;
}

function pairs(headers: Pairs): TnetValue {
  return headers.map(([name, value]) => [bytes(name), bytes(value)]);
}

function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}
