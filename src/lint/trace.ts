/** What tells a value from others wherever it is written: a date with its time, or a run of letters and digits, which escapes end. */
const TRACE = /(?:%|\\u00)[0-9A-Fa-f]{2}|\d{4}-\d\d-\d\d(?:[T ][\d:.]{5,20})?|[A-Za-z0-9]{8,}/g;

/** The longest trace that a value leaves in a text it is copied to, however it is quoted there; undefined when it leaves none. */
export function traceOf(value: string): string | undefined {
  let longest: string | undefined;
  visitTraces(value, (trace) => {
    if (trace.length > (longest?.length ?? 0)) longest = trace;
  });
  return longest;
}

/** Visits the traces of all values in a text. */
export function visitTraces(text: string, visit: (trace: string) => void): void {
  for (const [trace] of text.matchAll(TRACE)) {
    if (trace[0] === '%' || trace[0] === '\\') continue;
    visit(trace);
    // The day alone may have been copied from it.
    if (trace[4] === '-' && trace.length > 10) visit(trace.slice(0, 10));
  }
}
