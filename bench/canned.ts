import { answerOf, HOST, pathOf } from './answers';
import type { Shape } from './recordings';

/** A response made ready for Node: names and values in turns, as `writeHead` takes them. */
export interface Canned {
  readonly headers: string[];
  readonly body: Buffer;
}

/**
 * Looks up the response to a request target, in absolute form or as a path. The header that {@link file://../examples/add-header.ts}
 * adds to ours is in it, so that all send the same bytes.
 */
export function cannedFor({ entries, size, scheme }: Shape): (target: string) => Canned {
  const byTarget = new Map<string, Canned>();
  for (let at = 0; at < entries; at++) {
    const { headers, body } = answerOf(at, size);
    const canned = { headers: [...headers.flat(), 'X-Served-By', 'recording'], body };
    byTarget.set(pathOf(at), canned).set(`${scheme}://${HOST}${pathOf(at)}`, canned);
  }
  return (target) => {
    const canned = byTarget.get(target);
    if (canned === undefined) throw new Error(`nothing is canned for ${target}`);
    return canned;
  };
}
