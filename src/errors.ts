/** What went wrong, in one line for a person (`message`) and one word for a program (`code`). */
export class ReplayError extends Error {
  /** Stable identifier, `ERR_…`. */
  readonly code: string;

  constructor(message: string, options: { code: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
  }
}

/** What the user gave us cannot be used: a flag, a key, a file. The command line ends with exit code 2. */
export class ConfigError extends ReplayError {
  constructor(message: string, options: { code?: string; cause?: unknown } = {}) {
    super(message, { ...options, code: options.code ?? 'ERR_CONFIG' });
  }
}

/** A recording that cannot be read or written. */
export class RecordingError extends ReplayError {
  constructor(message: string, options: { code?: string; cause?: unknown } = {}) {
    super(message, { ...options, code: options.code ?? 'ERR_RECORDING' });
  }
}

/** An addon threw, did not settle in time, or returned what its hook has no use for. */
export class AddonError extends ReplayError {
  readonly addon: string;
  readonly hook: string;

  constructor(addon: string, hook: string, problem: string, options: { cause?: unknown } = {}) {
    super(`addon ${addon}, hook ${hook}: ${problem}`, { ...options, code: 'ERR_ADDON' });
    this.addon = addon;
    this.hook = hook;
  }
}

/** Upstream could not be reached, broke off, or sent what is no HTTP response. */
export class UpstreamError extends ReplayError {
  /** What the client is told: 502, or 504 when a time limit passed (RFC 9110 §15.6). */
  readonly status: 502 | 504;

  constructor(message: string, options: { code?: string; status?: 502 | 504; cause?: unknown } = {}) {
    super(message, { ...options, code: options.code ?? 'ERR_UPSTREAM' });
    this.status = options.status ?? 502;
  }
}

/** The message of anything that was thrown, on one line. */
export function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return text.replace(/\s*\n\s*/g, ' ');
}
