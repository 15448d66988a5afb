import { ConfigError, reasonOf } from '../errors';

/** Why an address cannot be listened on, and what to do about it. */
export function listenError(error: NodeJS.ErrnoException, host: string, port: number): ConfigError {
  const sentences: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${host} is in use; stop the other program or choose another (--port, --mode)`,
    EACCES: `port ${port} on ${host} is not for this user to take; choose one above 1023 (--port, --mode)`,
    EADDRNOTAVAIL: `${host} is no address of this machine; choose another with --host`,
    ENOTFOUND: `host ${host} is not known; choose an address of this machine with --host`,
    EAI_AGAIN: `host ${host} cannot be looked up; choose an address of this machine with --host`,
  };
  const sentence =
    sentences[error.code ?? ''] ?? `cannot listen on ${host}, port ${port}: ${reasonOf(error)}`;
  return new ConfigError(sentence, { code: 'ERR_LISTEN', cause: error });
}
