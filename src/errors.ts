/** What went wrong, in one line for a person (`message`) and one word for a program (`code`). */
export class ReplayError extends Error {
  /** Stable identifier, `ERR_…`. */
  readonly code: string;
  /** The status that a client is told when this ends its exchange (RFC 9110 §15.6); 502 when there is none. */
  readonly status?: number;

  constructor(message: string, options: ErrorDetails & { code: string }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    if (options.status !== undefined) this.status = options.status;
  }
}

/** What every error may be told beside its message. */
export interface ErrorDetails {
  code?: string;
  status?: number;
  cause?: unknown;
}

/** What the user gave us cannot be used: a flag, a key, a file. The command line ends with exit code 2. */
export class ConfigError extends ReplayError {
  constructor(message: string, options: ErrorDetails = {}) {
    super(message, { ...options, code: options.code ?? 'ERR_CONFIG' });
  }
}

/** A recording that cannot be read or written. */
export class RecordingError extends ReplayError {
  constructor(message: string, options: ErrorDetails = {}) {
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

/** Upstream could not be reached, broke off, or sent what is no HTTP response; `status` is 504 when a time limit passed. */
export class UpstreamError extends ReplayError {
  constructor(message: string, options: ErrorDetails = {}) {
    super(message, { ...options, code: options.code ?? 'ERR_UPSTREAM' });
  }
}

/** Something was to leave although nothing may (`offline`); `addon` is who decided so, undefined when nobody did. */
export class EgressError extends ReplayError {
  readonly addon: string | undefined;

  constructor(addon: string | undefined, what: string) {
    const who = addon === undefined ? 'nobody answered' : `addon ${addon} wanted to forward`;
    super(`offline: ${who} ${what}, and nothing may leave`, { code: 'ERR_EGRESS' });
    this.addon = addon;
  }
}

/** The status that a thrown thing asks for, its own or that of what caused it; 502 by default. */
export function statusOf(thrown: unknown): number {
  for (let at = thrown; at instanceof Error; at = at.cause) {
    if (at instanceof ReplayError && at.status !== undefined) return at.status;
  }
  return 502;
}

/** The message of anything that was thrown, on one line. */
export function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}
