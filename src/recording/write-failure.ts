import { RecordingError, reasonOf } from '../errors';

/** The file system refused what was to be written; why is its `cause`. */
export class WriteFailure extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
  }
}

/** Does what writes to the file system. @throws WriteFailure with what that throws. */
export function writing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new WriteFailure(error);
  }
}

/**
 * The error for a flow that was not appended: `ERR_RECORDING` when the file could not be written, `ERR_RECORDING_FLOW` when what is wrong
 * is the flow, so that others can still be written.
 */
export function notAppended(path: string, error: unknown): RecordingError {
  if (!(error instanceof WriteFailure)) {
    return new RecordingError(
      `recording ${path}: this flow cannot be recorded (${reasonOf(error)}); it is left out, others are not`,
      { code: 'ERR_RECORDING_FLOW', cause: error },
    );
  }
  const { cause } = error;
  const full = ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((cause as NodeJS.ErrnoException).code ?? '');
  return new RecordingError(
    `recording ${path}: a flow could not be written (${full ? 'no space left' : reasonOf(cause)}); ` +
      `the file ends with the flow before${full ? '; make room' : ''}`,
    { cause },
  );
}
