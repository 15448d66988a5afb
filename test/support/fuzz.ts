import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { within } from './within';

const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 5000);
/** Milliseconds for one case; a machine with more to do needs more than that would take alone. */
const CASE_TIME = 10_000;

/** How cases are run. */
export interface FuzzOptions {
  /** Cases at a time; 1 unless told. */
  readonly atOnce?: number;
  /** The part of the cases that has to be of some use, by what `check` returns; 0 unless told. */
  readonly useful?: number;
  /** What one case holds many of, where that is less work than to check them one by one; 1 unless told. */
  readonly holds?: number;
}

/**
 * A test that makes `FUZZ_RUNS` cases (5,000 unless told) and checks each; `FUZZ_SEED` gives the same cases again. One that fails is
 * made smaller first. `check` says whether the case came through to what lies behind the first refusal.
 */
export function fuzz<T>(
  title: string,
  cases: fc.Arbitrary<T>,
  check: (one: T) => boolean | Promise<boolean>,
  { atOnce = 1, useful = 0, holds = 1 }: FuzzOptions = {},
): void {
  it(`${title}: ${RUNS} cases of seed ${SEED}`, async function () {
    this.timeout(60_000 + RUNS * 20);
    const all = fc.sample(cases, { numRuns: Math.ceil(RUNS / holds), seed: SEED });
    let next = 0;
    let through = 0;
    let failedAt: number | undefined;
    let cause: unknown;
    const work = async () => {
      while (next < all.length && failedAt === undefined) {
        const at = next++;
        try {
          if (await within(check(all[at]!), 'the case', CASE_TIME)) through += 1;
        } catch (error) {
          cause ??= error;
          failedAt ??= at;
        }
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    // Who fails beside others need not be to blame.
    const suspects = [failedAt ?? next, ...Array.from({ length: 2 * atOnce }, (_, i) => next - 1 - i)];
    if (failedAt !== undefined) for (const at of suspects) if (at >= 0) await minimize(cases, check, at);
    if (failedAt !== undefined)
      throw new Error(
        `case ${failedAt} of FUZZ_SEED=${SEED} fails beside others only: ${(cause as Error).stack}`,
      );
    // A share of a few says nothing.
    const isJudged = all.length >= 1000;
    assert.ok(
      !isJudged || through >= useful * all.length,
      `only ${through} of ${all.length} cases came through: the generator has lost its aim`,
    );
  });
}

/** Runs a case again, alone; one that fails is made smaller and smaller, and the smallest is thrown. */
async function minimize<T>(
  cases: fc.Arbitrary<T>,
  check: (one: T) => boolean | Promise<boolean>,
  at: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => void (await within(check(one), 'the case', CASE_TIME))),
    { seed: SEED, path: String(at), numRuns: 1, interruptAfterTimeLimit: 30_000 },
  );
}

/** A part of a whole, from 0 to below 1; much cheaper to make than doubles in general. */
export const share: fc.Arbitrary<number> = fc.nat(0xffff).map((part) => part / 0x10000);

/** A change of bytes: of what stands at `at`, a share of the length. */
export interface ByteChange {
  readonly at: number;
  readonly how: 'flip' | 'insert' | 'cut' | 'drop' | 'repeat';
  readonly size: number;
  readonly bytes: string;
}

/** Changes of bytes; `words` are those worth inserting, one character a byte. */
export function byteChanges(words: readonly string[], most: number): fc.Arbitrary<ByteChange[]> {
  return fc.array(
    fc.record({
      at: share,
      how: fc.constantFrom('flip', 'flip', 'insert', 'insert', 'insert', 'drop', 'repeat', 'cut'),
      size: fc.integer({ min: 1, max: 24 }),
      bytes: fc.constantFrom(...words),
    }),
    { maxLength: most },
  );
}

/** `bytes` with the changes, one after the other. */
export function changeBytes(bytes: Buffer, changes: readonly ByteChange[]): Buffer {
  return changes.reduce((now, { at, how, size, bytes: word }) => {
    const from = Math.min(Math.floor(at * now.length), Math.max(0, now.length - 1));
    const before = now.subarray(0, from);
    const piece = now.subarray(from, from + size);
    const after = now.subarray(from + size);
    switch (how) {
      case 'flip':
        return Buffer.concat([
          before,
          piece.subarray(0, 1).map((byte) => byte ^ (1 << (size % 8))),
          now.subarray(from + 1),
        ]);
      case 'insert':
        return Buffer.concat([before, Buffer.from(word, 'latin1'), now.subarray(from)]);
      case 'drop':
        return Buffer.concat([before, after]);
      case 'repeat':
        return Buffer.concat([before, piece, now.subarray(from)]);
      case 'cut':
        return Buffer.from(before);
    }
  }, bytes);
}
