/** The kinds of weak spots, in the order in which they are told. */
export const FINDING_KINDS = ['answers', 'unusable', 'expired', 'secrets', 'volatile'] as const;

/**
 * `answers`: equal requests with different answers · `unusable`: cannot answer · `expired`: cookies and tokens that are past their
 * time · `secrets`: credentials that anybody can read · `volatile`: values that will not come again, so that the entry never matches.
 */
export type FindingKind = (typeof FINDING_KINDS)[number];

/** A weak spot of a recording; it never holds the secret that it is about. */
export interface Finding {
  readonly kind: FindingKind;
  /** The numbers of the entries that have it, ascending. */
  readonly numbers: readonly number[];
  /** The facet that it is in (`header.authorization`, `response.body.token`), or the request; empty for an entry as a whole. */
  readonly place: string;
  /** What is the matter, to be read after the place. */
  readonly what: string;
  /** A setting that helps, or what else to do. */
  readonly suggestion: string;
  /** The setting that is suggested, as a flag; undefined when none is. */
  readonly setting?: Setting;
}

/** A flag and its value. */
export interface Setting {
  readonly flag: '--ignore' | '--rheader' | '--redact';
  readonly value: string;
}
