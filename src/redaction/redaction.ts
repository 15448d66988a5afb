import { ConfigError } from '../errors';
import { FacetPatterns } from '../facets/facet-patterns';
import { facetName } from '../facets/facets';
import { Body } from '../http/body';
import type { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { Difference, Miss } from '../miss/miss';
import { withUrls } from '../miss/with-urls'; // late
import type { RecordedFlow } from '../recording/recorded-flow';
import { redactBody } from './redact-body'; // late
import { type RedactedWebSocket, redactWebSocket } from './redact-web-socket'; // late
import { redactPath, type Takes } from './redact-pairs';
import { REDACTED, redactField } from './redacted-values';

const RESPONSE = 'response.';
const OF_REQUEST = ['header', 'query', 'body'];
const OF_RESPONSE = ['header', 'body'];

interface Rule {
  /** As the user wrote it. */
  readonly name: string;
  readonly patterns: FacetPatterns;
}

/**
 * Takes secrets out of recorded flows. Names are those of facets, `header.authorization`, `query.token`, `body.user.password`, and for
 * the response `response.header.set-cookie`, `response.body.token`; `*` and prefixes as in ignore rules.
 */
export class Redaction {
  readonly #request: readonly Rule[];
  readonly #response: readonly Rule[];

  /** @throws ConfigError for a name that nothing can have. */
  constructor(names: readonly string[]) {
    for (const name of names) check(name);
    this.#request = names
      .filter((name) => !name.startsWith(RESPONSE))
      .map((name) => ({ name, patterns: new FacetPatterns([name]) }));
    this.#response = names
      .filter((name) => name.startsWith(RESPONSE))
      .map((name) => ({ name, patterns: new FacetPatterns([name.slice(RESPONSE.length)]) }));
  }

  /**
   * A copy of the flow without what has to go; the names that took something are in its `redacted`. A body that ought to be looked into and
   * cannot be is not kept.
   */
  apply(flow: RecordedFlow): RecordedFlow {
    if (this.#request.length === 0 && this.#response.length === 0) return flow;
    const taken = new Set(flow.redacted);
    const request = flow.request.clone();
    const takes = takesOf(this.#request, taken);
    request.path = redactPath(request.path, takes);
    const asked = redactMessage(request, takes, this.#request);
    // Without its body, the entry can still match.
    if (asked === 'dropped') taken.add('body');
    const response = flow.response?.clone();
    const answered = response && redactMessage(response, takesOf(this.#response, taken), this.#response);
    const said = this.#webSocket(flow, taken);
    if (said?.unreadable.has('client')) taken.add('body');
    const isSame = (result: Result | undefined) => result === undefined || result === 'same';
    if (request.path === flow.request.path && isSame(asked) && isSame(answered) && !said?.isChanged)
      return flow;
    return {
      ...flow,
      request,
      ...(response && { response }),
      ...(said?.isChanged && said.is),
      ...((answered === 'dropped' || said?.unreadable.has('server')) && {
        unstored: { ...flow.unstored, response: true },
      }),
      redacted: [...taken],
    };
  }

  /** What its client says is redacted as requests are, what its server says as responses. */
  #webSocket({ webSocket, webSocketClose }: RecordedFlow, taken: Set<string>): RedactedWebSocket | undefined {
    const takesFrom = (rules: readonly Rule[]) =>
      rules.some(({ patterns }) => patterns.body !== 'none') ? takesOf(rules, taken) : undefined;
    return (
      webSocket &&
      redactWebSocket(webSocket, webSocketClose, {
        client: takesFrom(this.#request),
        server: takesFrom(this.#response),
      })
    );
  }

  /** A URL without the values of query parameters that have to go. */
  url(url: string): string {
    return this.#request.length === 0 ? url : redactPath(url, takesOf(this.#request, new Set()));
  }

  /** A sentence about a request to `url`, which it may name. */
  sentence(text: string, url: string): string {
    return text.replaceAll(url, () => this.url(url));
  }

  /** A header line's value without what has to go; `of` whose header it is. */
  field(name: string, value: string, of: 'request' | 'response'): string {
    const takes = takesOf(of === 'request' ? this.#request : this.#response, new Set());
    return takes(facetName('header', name.toLowerCase())) ? redactField(name, value) : value;
  }

  /** A report of a miss without the values that have to go. */
  miss(miss: Miss): Miss {
    if (this.#request.length === 0) return miss;
    const takesAny = takesOf(this.#request, new Set());
    // What is told of a body as a whole may have any of its parts in it.
    const reachesBodies = this.#request.some(({ patterns }) => patterns.body !== 'none');
    const takes: Takes = (facet) => takesAny(facet) || (facet === 'body' && reachesBodies);
    const difference = (one: Difference) =>
      takes(one.facet)
        ? {
            ...one,
            ...(one.asked !== undefined && { asked: REDACTED }),
            ...(one.recorded !== undefined && { recorded: REDACTED }),
          }
        : one;
    const told = withUrls(miss, (url) => this.url(url));
    const nearest = told.nearest.map((near) => ({ ...near, differences: near.differences.map(difference) }));
    return { ...told, nearest };
  }
}

/**
 * A copy of a recorded flow without the values of these facets, which are listed in its `redacted` and do not count when it is matched: for
 * taps on the Recorder's `capture`.
 * @throws ConfigError for a name that nothing can have.
 */
export function redactFlow(flow: RecordedFlow, names: readonly string[]): RecordedFlow {
  return new Redaction(names).apply(flow);
}

function takesOf(rules: readonly Rule[], taken: Set<string>): Takes {
  return (facet) => {
    const those = rules.filter(({ patterns }) => patterns.covers(facet));
    for (const { name } of those) taken.add(name);
    return those.length > 0;
  };
}

/** What became of a message; `dropped`: its body could not be looked into, and is gone. */
type Result = 'same' | 'changed' | 'dropped';

function redactMessage(message: HttpRequest | HttpResponse, takes: Takes, rules: readonly Rule[]): Result {
  const isTaken = [message.headers, message.trailers].map((headers) => redactFields(headers, takes));
  const fields = isTaken.includes(true) ? 'changed' : 'same';
  if (rules.every(({ patterns }) => patterns.body === 'none')) return fields;
  const body = redactBody(message, takes);
  if (body === 'same') return fields;
  message.body = body === 'unreadable' ? Body.from(REDACTED) : body;
  message.headers.delete('content-encoding');
  if (message.headers.has('content-length'))
    message.headers.set('content-length', String(message.body.length));
  return body === 'unreadable' ? 'dropped' : 'changed';
}

/** True when something was taken out. */
function redactFields(headers: HttpHeaders, takes: Takes): boolean {
  let isChanged = false;
  headers.rewrite((name, value) => {
    if (!takes(facetName('header', name.toLowerCase()))) return value;
    isChanged = true;
    return redactField(name, value);
  });
  return isChanged;
}

function check(name: string): void {
  const isOfResponse = name.startsWith(RESPONSE);
  const roots = isOfResponse ? OF_RESPONSE : OF_REQUEST;
  const root = /^[^.*]*/.exec(isOfResponse ? name.slice(RESPONSE.length) : name)![0];
  if (roots.includes(root) && !/(?:^|[^\\])\.$/.test(name)) return;
  const known = [...OF_REQUEST, ...OF_RESPONSE.map((one) => RESPONSE + one)];
  throw new ConfigError(
    `${JSON.stringify(name)} cannot be redacted; names begin with ${known.map((one) => `${one}.`).join(', ')}`,
  );
}
