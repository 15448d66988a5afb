import type { RecordedFlow } from '../recording/recorded-flow';
import { Subject } from './request-key';

const NOTHING: readonly string[] = [];

/** What was taken out of the request when it was recorded, as ignore rules. */
export function redactedOf({ redacted }: Pick<RecordedFlow, 'redacted'>): readonly string[] {
  if (!redacted || redacted.length === 0) return NOTHING;
  return [...new Set(redacted)].filter((name) => name !== '' && !name.startsWith('response.')).sort();
}

/** Whether a facet of that name can count where only these header fields do: if not, it makes no difference that it was taken out. */
export function canCount(name: string, headers: readonly string[]): boolean {
  return headers.length > 0 || !/^header(?:\.|$)/.test(name);
}

/** A recorded flow's side of a comparison; a body of more than `largest` bytes is not looked into. */
export function subjectOf({ request, unstored, source, number }: RecordedFlow, largest?: number): Subject {
  return new Subject(request, !unstored?.request, `unknown ${source}#${number}`, largest);
}
