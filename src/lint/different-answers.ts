import { createHash } from 'node:crypto';
import { decodedBytes } from '../http/decoded-bytes';
import { splitPath } from '../http/query';
import type { HttpRequest } from '../http/request';
import type { RecordedFlow } from '../recording/recorded-flow';
import { LARGEST_CONTENT } from './content';
import { toldText } from './place-of';
import type { Findings } from './findings';
import { equalRequests, type PolicyOf } from './equal-requests';
import { compareHeader } from './suggestions';
import { tellingHeader } from './telling-header';

const IN_ORDER = 'they answer in recorded order, each once: keep --reuse never for them';
const LONGEST = 100;

/** Finds equal requests that were answered differently: with another status, another body, or another place to go to. */
export function findDifferentAnswers(
  flows: readonly RecordedFlow[],
  policyOf: PolicyOf,
  found: Findings,
): void {
  for (const group of equalRequests(flows, policyOf)) {
    const answers = group.map(answerOf);
    if (new Set(answers).size === 1) continue;
    const requests = group.map(({ request }) => request);
    const header = tellingHeader(requests, answers);
    const told = header === undefined ? '' : `, told apart by header.${header}`;
    for (const { number, request } of group) {
      found.add(number, {
        kind: 'answers',
        place: requestLine(request),
        what: `has different answers to equal requests${told}`,
        ...(header === undefined ? { suggestion: IN_ORDER } : compareHeader(header)),
      });
    }
  }
}

/** A text that is equal for equal answers; a large body counts by its bytes, still coded. */
function answerOf({ response, number }: RecordedFlow): string {
  if (!response) return '';
  const { status, headers, body } = response;
  let digest = `unread ${number}`;
  try {
    const bytes = decodedBytes(response, LARGEST_CONTENT);
    digest = bytes ? createHash('sha256').update(bytes).digest('hex') : body.digest();
  } catch {
    // What cannot be read is equal to nothing.
  }
  return JSON.stringify([status, headers.get('location'), digest]);
}

/** Method and URL, without the query and without what could be a secret. */
function requestLine({ method, origin, path }: HttpRequest): string {
  const segments = splitPath(path).path.split('/').map(toldText).join('/');
  const line = `${method} ${origin}${segments}`;
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
