import type { HttpRequest } from '../http/request';
import { type BodyContent, bodyFacets, bodyKey, facetsKey, readBody } from './body-facets';
import type { FacetPatterns } from './facet-patterns';
import { type Facet, headFacets, joinFacets } from './facets';
import { HeadTexts } from './head-text';

/** Changes the facets of a request before they are compared; pure. */
export type Identify = (facets: Facet[], request: HttpRequest) => readonly Facet[];

/** One side of a comparison; what is read off it is kept for as long as the comparison lasts. */
export class Subject {
  #content: { readonly of: BodyContent | undefined } | undefined;
  #head: { readonly headers: readonly string[]; readonly facets: readonly Facet[] } | undefined;
  #body: readonly Facet[] | undefined;
  #bodyKey: string | undefined;

  /** `unknown` names a body that cannot be read, so that it equals no other; one of more than `largest` bytes is not looked into. */
  constructor(
    readonly request: HttpRequest,
    readonly isBodyKnown: boolean,
    readonly unknown: string,
    private readonly largest?: number,
  ) {}

  get content(): BodyContent | undefined {
    this.#content ??= {
      of: this.isBodyKnown
        ? readBody(this.request, this.unknown, this.largest)
        : { kind: 'bytes', digest: this.unknown },
    };
    return this.#content.of;
  }

  /** The facets of everything but the body. */
  head(headers: readonly string[]): readonly Facet[] {
    if (this.#head?.headers !== headers) this.#head = { headers, facets: headFacets(this.request, headers) };
    return this.#head.facets;
  }

  get body(): readonly Facet[] {
    return (this.#body ??= bodyFacets(this.content));
  }

  /** One short text for the body. */
  get bodyKey(): string {
    return (this.#bodyKey ??= bodyKey(this.content));
  }
}

/** Turns requests into keys, in two steps so that most bodies are never read: two requests match when both are equal. */
export interface RequestKey {
  head(subject: Subject): string;
  body(subject: Subject): string;
}

/** Keys out of the facets that `rules` leave; `headers` are the lower-case names of the fields that count. */
export function requestKey(
  headers: readonly string[],
  rules: FacetPatterns,
  identify: Identify | undefined,
): RequestKey {
  if (identify) {
    return {
      head: (subject) => {
        const kept = rules.keep(identify(facetsOf(subject, headers), subject.request));
        const kind = kept.some(([name]) => /^body(?:\.|$)/.test(name)) ? subject.content?.kind : undefined;
        return `${joinFacets(kept)} ${kind}`;
      },
      body: () => '',
    };
  }
  const texts = headers.length === 0 && rules.isEmpty ? new HeadTexts() : undefined;
  return {
    head: (subject) => texts?.of(subject.request) ?? joinFacets(rules.keep(subject.head(headers))),
    body: (subject) => {
      if (rules.body === 'all') return '';
      if (rules.body === 'none') return subject.bodyKey;
      return facetsKey(subject.content?.kind, rules.keep(subject.body));
    },
  };
}

/** All facets of a request, in the order of its parts. */
export function facetsOf(subject: Subject, headers: readonly string[]): Facet[] {
  return [...subject.head(headers), ...subject.body];
}
