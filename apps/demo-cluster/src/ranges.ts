import { z } from "zod";

/** Whole numbers as ranges, both ends included: ascending, apart from each other. */
export const Ranges = z
  .array(z.tuple([z.number().int().positive(), z.number().int().positive()]))
  .max(10_000);
/** See {@link Ranges}. */
export type Ranges = z.infer<typeof Ranges>;

/** Adds a number above all that are in; answers nothing where it is not above them. */
export function add(ranges: Ranges, number: number): Ranges | undefined {
  const last = ranges.at(-1);
  if (last === undefined || number > last[1] + 1) return [...ranges, [number, number]];
  return number === last[1] + 1 ? [...ranges.slice(0, -1), [last[0], number]] : undefined;
}

/** How many numbers are in; with a second argument: in both. */
export function count(ranges: Ranges, among?: Ranges): number {
  let sum = 0;
  for (const [from, to] of ranges) {
    for (const [first, last] of among ?? [[from, to]]) {
      sum += Math.max(0, Math.min(to, last) - Math.max(from, first) + 1);
    }
  }
  return sum;
}
