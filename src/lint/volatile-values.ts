import { placeOf } from './place-of';
import type { Findings } from './findings';
import type { Visit } from './visit-json';
import type { Reading } from './reading';
import { ignore } from './suggestions';
import { traceOf, visitTraces } from './trace';
import { type Suspect, suspectIn } from './volatile-value';

const DAY = 24 * 60 * 60 * 1000;

/** A value that could be made up anew for each request. */
interface Sighting {
  /** The first entry that was found to have it. */
  readonly number: number;
  /** Another request has it too, or the client had it from an earlier response. */
  comesAgain: boolean;
  /** Where it is likely made up; elsewhere it only shows that it comes again. */
  readonly places: { readonly number: number; readonly place: string; readonly noun: Suspect['noun'] }[];
}

/**
 * Finds values in queries and bodies that will be others next time, so that their entries never match again. Entries are to be looked at
 * from the last to the first: what an earlier response gave to the client comes again, and so does what two requests have.
 */
export class VolatileValues {
  readonly #sightings = new Map<string, Sighting>();
  /** By the trace that they would leave in the response that they come from. */
  readonly #waiting = new Map<string, Sighting[]>();

  /** The next entry, the one before that of the last call. */
  look(reading: Reading): void {
    if (this.#waiting.size > 0) this.#forgetWhatCameFrom(reading);
    const note: Visit = (value, key, nameOf) => this.#note(reading, value, key, nameOf);
    reading.visitQuery(note);
    reading.requestBody.visit(note);
  }

  /** Tells what is left. */
  tell(found: Findings): void {
    for (const { comesAgain, places } of this.#sightings.values()) {
      if (comesAgain) continue;
      for (const { number, place, noun } of places) {
        found.add(number, {
          kind: 'volatile',
          place,
          what: 'holds',
          detail: noun,
          ...ignore(place),
        });
      }
    }
  }

  #note(reading: Reading, ...[value, key, nameOf]: Parameters<Visit>): void {
    const suspect = suspectIn(value, key);
    if (suspect === undefined || reading.isRedacted(nameOf()) || reading.isIgnored(nameOf())) return;
    const { number, request } = reading.flow;
    const sighting = this.#sightingOf(value, number, suspect.noun === 'a timestamp');
    if (suspect.time !== undefined && Math.abs(suspect.time - request.startedAt) > DAY) return;
    const place = placeOf(nameOf());
    // To ignore all of a query or a body would go too far.
    if (!/^(?:query|body)\.\*$/.test(place)) sighting.places.push({ number, place, noun: suspect.noun });
  }

  /** Two requests may have the same timestamp, and it is another one next time all the same. */
  #sightingOf(value: string, number: number, isTime: boolean): Sighting {
    const known = this.#sightings.get(value);
    if (known) {
      known.comesAgain ||= known.number !== number && !isTime;
      return known;
    }
    const sighting: Sighting = { number, comesAgain: false, places: [] };
    this.#sightings.set(value, sighting);
    const trace = traceOf(value);
    if (trace === undefined) return sighting;
    const waiting = this.#waiting.get(trace);
    if (waiting) waiting.push(sighting);
    else this.#waiting.set(trace, [sighting]);
    return sighting;
  }

  #forgetWhatCameFrom(reading: Reading): void {
    const forget = (text: string) =>
      visitTraces(text, (trace) => {
        for (const sighting of this.#waiting.get(trace) ?? []) sighting.comesAgain = true;
        this.#waiting.delete(trace);
      });
    reading.visitResponseHeaders(forget);
    forget(reading.responseBody.text);
  }
}
