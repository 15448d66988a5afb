import { FacetPatterns } from '../facets/facet-patterns';
import { facetName } from '../facets/facets';
import { Body } from '../http/body';
import { HttpHeaders } from '../http/headers';
import { parseQuery } from '../http/query';
import type { RecordedFlow } from '../recording/recorded-flow';
import { Content } from './content';
import type { Visit } from './visit-json';

const UNTYPED = new HttpHeaders();

/** One exchange of a recording, to be looked at part by part; the names of its parts are those that are redacted and ignored by. */
export class Reading {
  readonly flow: RecordedFlow;
  /** `body`, `body.PATH` */
  readonly requestBody: Content;
  /** `response.body`, `response.body.PATH` */
  readonly responseBody: Content;
  readonly #patterns: FacetPatterns | undefined;
  readonly #ignored: FacetPatterns | undefined;
  #query: [string, string][] | undefined;

  /** `ignore` names facets that need not match. */
  constructor(flow: RecordedFlow, ignore: readonly string[] = []) {
    const { request, response, unstored, redacted = [] } = flow;
    const names = redacted.filter((name) => name !== '');
    this.flow = flow;
    this.requestBody = new Content(unstored?.request ? undefined : request, 'body');
    this.responseBody = new Content(unstored?.response ? undefined : response, 'response.body');
    this.#patterns = names.length === 0 ? undefined : new FacetPatterns(names);
    this.#ignored = ignore.length === 0 ? undefined : new FacetPatterns(ignore);
  }

  /** Whether the recorder took that facet out. */
  isRedacted(name: string): boolean {
    return this.#patterns?.covers(name) === true;
  }

  /** Whether that facet need not match. */
  isIgnored(name: string): boolean {
    return this.#ignored?.covers(name) === true;
  }

  /** What the two sides of a WebSocket say: each message is a body, the client's `body`, the server's `response.body`. */
  *messages(): Generator<{ readonly from: 'client' | 'server'; readonly content: Content }> {
    for (const { from, data } of this.flow.webSocket ?? []) {
      const message = { headers: UNTYPED, body: Body.from(data) };
      yield { from, content: new Content(message, from === 'client' ? 'body' : 'response.body') };
    }
  }

  /** `query.NAME` */
  visitQuery(visit: Visit): void {
    this.#query ??= parseQuery(this.flow.request.path);
    for (const [name, value] of this.#query) visit(value, name, () => facetName('query', name));
  }

  /** `header.NAME`, in lower case */
  visitRequestHeaders(visit: Visit): void {
    visitHeaders(this.flow.request.headers, 'header', visit);
  }

  /** `response.header.NAME`, in lower case */
  visitResponseHeaders(visit: Visit): void {
    if (this.flow.response) visitHeaders(this.flow.response.headers, 'response.header', visit);
  }
}

function visitHeaders(headers: HttpHeaders, root: string, visit: Visit): void {
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    visit(value, key, () => facetName(root, key));
  }
}
