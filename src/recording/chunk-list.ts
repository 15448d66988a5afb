import type { BodyChunks } from '../http/chunks';

/**
 * Chunks for a file: `[gap, bytes]` each, the gap in milliseconds since the one before, and `[gap, bytes, times]` for several alike.
 */
export type ChunkList = readonly (readonly number[])[];

/** More chunks are not kept; a recording with a number that a hostile file made up would fill the memory. */
const MOST = 10_000_000;

/** Chunks as a file has them. */
export function chunkList({ at, lengths }: BodyChunks): ChunkList {
  const list: number[][] = [];
  let before = 0;
  lengths.forEach((length, i) => {
    const gap = Math.max(0, Math.round(at[i] ?? before) - before);
    before += gap;
    const last = list.at(-1);
    if (last?.[0] === gap && last[1] === length) last[2] = (last[2] ?? 1) + 1;
    else list.push([gap, length]);
  });
  return list;
}

/** The chunks that a file says; undefined for what is no such list. */
export function chunksOf(list: unknown): BodyChunks | undefined {
  if (!Array.isArray(list)) return undefined;
  const at: number[] = [];
  const lengths: number[] = [];
  let time = 0;
  for (const item of list as unknown[]) {
    const [gap, length, times = 1, ...rest] = Array.isArray(item) ? (item as unknown[]) : [];
    if (!isCount(gap) || !isCount(length) || !isCount(times) || rest.length > 0) return undefined;
    if (at.length + times > MOST) return undefined;
    for (let i = 0; i < times; i += 1) {
      time += gap;
      at.push(time);
      lengths.push(length);
    }
  }
  return { at, lengths };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
