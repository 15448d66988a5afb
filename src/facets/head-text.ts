import { parsePairs, splitPath } from '../http/query';
import type { HttpRequest } from '../http/request';
import { hostOf } from './facets';

/** A target that stands for itself: at most one pair in its query, spelled in the only way. */
const PLAIN_TARGET = /^[^?#]+(?:\?[^#%&+=\u0080-\uffff]+=[^#%&+=\u0080-\uffff]*)?$/;

/**
 * Makes one text of everything in a request but its body and its header fields: equal where the facets of `headFacets` are. Of a hundred thousand
 * such texts little is in memory, since their parts are shared: what is the same in many, and the request's own path.
 */
export class HeadTexts {
  #last = { scheme: '', method: '', host: '', port: 0, text: '' };

  of(request: HttpRequest): string {
    const { path } = request;
    return this.#where(request) + (PLAIN_TARGET.test(path) ? path : targetText(path));
  }

  #where(request: HttpRequest): string {
    const { scheme, method, port } = request;
    const host = hostOf(request);
    const last = this.#last;
    if (method === last.method && host === last.host && port === last.port && scheme === last.scheme)
      return last.text;
    const verb = method.toUpperCase();
    const text = `${scheme} ${verb.length} ${verb}${host.length} ${host}${port} `;
    this.#last = { scheme, method, host, port, text };
    return text;
  }
}

function targetText(target: string): string {
  const { path, query } = splitPath(target);
  const pairs = parsePairs(query ?? '').sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (pairs.length === 0) return path || '/';
  return `${path || '/'}?${pairs.map((pair) => pair.map(escaped).join('=')).join('&')}`;
}

function escaped(text: string): string {
  return text.replace(/[%&=]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}
