import { reasonOf, UpstreamError } from '../errors';

/** How far a response had come when it broke off; sizes in bytes. */
export interface Progress {
  /** Its head had arrived. */
  readonly begun: boolean;
  readonly received: number;
  /** What its Content-Length said. */
  readonly expected: number | undefined;
}

/** The code of an error that says that the other side has closed the connection, and nothing else. */
const CLOSED = 'ERR_CLOSED';

const CERTIFICATE_PROBLEMS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its chain ends in a self-signed certificate that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT: 'its issuer is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not trusted here',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_REVOKED: 'it was revoked',
  CERT_UNTRUSTED: 'it is not trusted',
  CERT_REJECTED: 'it is rejected',
  CERT_SIGNATURE_FAILURE: 'its signature is wrong',
  CERT_CHAIN_TOO_LONG: 'its chain is too long',
  INVALID_CA: 'its issuer is no certificate authority',
  INVALID_PURPOSE: 'it is not meant for servers',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host name',
};

/** How servers say that they want a client certificate, or another one (RFC 8446 §6.2). */
const WANTS_CERTIFICATE =
  /^ERR_SSL_.*ALERT_(?:HANDSHAKE_FAILURE|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)$/;

/** Why no connection to `where`, a `host:port`, came to stand. */
export function connectError(thrown: unknown, where: string): UpstreamError {
  if (thrown instanceof UpstreamError) return thrown;
  const cause = thrown instanceof AggregateError && thrown.errors.length > 0 ? thrown.errors[0] : thrown;
  const code = codeOf(cause) ?? codeOf(thrown) ?? '';
  const fail = (sentence: string, status: 502 | 504 = 502) =>
    new UpstreamError(sentence, { status, cause: thrown });
  const certificate = CERTIFICATE_PROBLEMS[code];
  if (certificate !== undefined) {
    return fail(
      `the certificate of ${where} was refused: ${certificate} (${code}); add its authority with --ca, or accept any certificate with --insecure`,
    );
  }
  if (WANTS_CERTIFICATE.test(code)) return fail(certificateWanted(where, code));
  switch (code) {
    case 'ECONNREFUSED':
      return fail(`${where} refused the connection; check that a server runs there`);
    case 'ENOTFOUND':
      return fail(`the host of ${where} does not exist; check its spelling`);
    case 'EAI_AGAIN':
      return fail(`the host of ${where} could not be looked up, because DNS gave no answer; try again later`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return fail(`${where} cannot be reached from here: there is no route to it (${code})`);
    case 'ETIMEDOUT':
      return fail(`${where} did not answer the attempt to connect`, 504);
    case 'ECONNRESET':
    case 'EPIPE':
      return fail(`${where} closed the connection before it stood`);
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return fail(`${where} does not speak TLS as https needs it; check the scheme and the port (${code})`);
    default:
      return fail(`no connection to ${where}: ${reasonOf(cause)}`);
  }
}

/** The other side has closed the connection. */
export function closedError(): Error {
  return Object.assign(new Error('the connection was closed'), { code: CLOSED });
}

/** Why an exchange with `where`, a `host:port`, ended without a whole response. */
export function exchangeError(thrown: unknown, where: string, progress: Progress): UpstreamError {
  if (thrown instanceof UpstreamError) return thrown;
  const code = codeOf(thrown) ?? '';
  const fail = (sentence: string, status: 502 | 504 = 502) =>
    new UpstreamError(`${where} ${sentence}`, { status, cause: thrown });
  switch (code) {
    case CLOSED:
      return fail(`closed the connection ${standing(progress)}`);
    case 'ECONNRESET':
    case 'EPIPE':
      return fail(`reset the connection ${standing(progress)}`);
    case 'ETIMEDOUT':
      return fail(`fell silent, and the connection was given up ${standing(progress)}`, 504);
  }
  if (WANTS_CERTIFICATE.test(code))
    return new UpstreamError(certificateWanted(where, code), { cause: thrown });
  return new UpstreamError(`the exchange with ${where} broke off: ${reasonOf(thrown)}`, { cause: thrown });
}

/** True for errors that say that the other side ended the connection, and nothing else. */
export function isClosing(error: unknown): boolean {
  const code = codeOf(error);
  return code === CLOSED || code === 'ECONNRESET' || code === 'EPIPE';
}

/** `after 512 of 1000 bytes`: where a response stood, in words. */
export function standing({ begun, received, expected }: Progress): string {
  if (!begun) return 'before it sent a response';
  return expected === undefined
    ? `after ${received} bytes, before the end of its response`
    : `after ${received} of ${expected} bytes`;
}

function certificateWanted(where: string, code: string): string {
  return `${where} refused the TLS handshake: it wants a client certificate, or another one; name one with --cert and --key (${code})`;
}

function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
