import { TnetFloat } from './tnetstring';

/** Seconds of a dump as epoch milliseconds, exact to the microsecond. */
export function millisecondsOf(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e3;
}

/** Epoch milliseconds as the seconds of a dump. */
export function secondsOf(milliseconds: number): TnetFloat {
  return new TnetFloat(Math.round(milliseconds * 1e3) / 1e6);
}
