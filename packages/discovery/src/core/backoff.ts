import type { Random } from "@mosaik/primitives";

/**
 * How long to wait before another attempt after `failures` of them, in milliseconds: `firstMs`,
 * doubled each time up to `maxMs`, less up to half of it at random, so that many do not retry in step.
 */
export function backoffMs(
  failures: number,
  limits: { readonly firstMs: number; readonly maxMs: number },
  random: Random,
): number {
  const doublings = Math.min(Math.max(0, failures - 1), 30);
  const waitMs = Math.min(limits.maxMs, limits.firstMs * 2 ** doublings);
  return waitMs * (1 - random.next() / 2);
}
