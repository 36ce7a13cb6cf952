import { compareKeys, type StoreKey } from "../core/keys.ts";
import { Refusal } from "./machine.ts";

/** Priorities from one to another; each bound may be left out. */
export interface PriorityRange {
  /** Not lower than this. */
  readonly from?: number;
  /** Lower than this. */
  readonly below?: number;
  /** Higher than this. */
  readonly above?: number;
  /** Not higher than this. */
  readonly to?: number;
}

/** A key at a priority. */
export interface Ranked<Key> {
  readonly priority: number;
  readonly key: Key;
}

/** The order by priority, and then by key. */
export function compareRanks(a: Ranked<StoreKey>, b: Ranked<StoreKey>): number {
  return a.priority - b.priority || compareKeys(a.key, b.key);
}

/** What comes before every entry of a priority: `false` is the first of all keys. */
export function lowestOf<Key>(priority: number): Ranked<Key> {
  return { priority, key: false as Key }; // it is only compared
}

/** A priority that arrived: finite, and never `-0`. @throws Refusal */
export function priorityOf(part: unknown): number {
  if (!Number.isFinite(part)) throw new Refusal("a priority is a finite number");
  return Number(part) + 0;
}

/** Bounds that arrived. @throws Refusal */
export function rangeOf(
  parts: readonly unknown[],
): (priority: number) => "before" | "in" | "after" {
  const [from, below, above, to] = parts.map((part) => {
    return part === undefined || part === null ? undefined : priorityOf(part);
  });
  return (priority) => {
    if ((from !== undefined && priority < from) || (above !== undefined && priority <= above)) {
      return "before";
    }
    const isAfter =
      (to !== undefined && priority > to) || (below !== undefined && priority >= below);
    return isAfter ? "after" : "in";
  };
}
