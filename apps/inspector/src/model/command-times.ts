import { groupsMetrics } from "@mosaik/groups";
import { MetricsSection } from "@mosaik/transport";
import { type Snapshot, sectionOf } from "./snapshot.ts";

/** How long commands of a group take, ms. */
export interface CommandTimes {
  /** How many were carried out, where they were given. */
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

interface Distribution {
  readonly count: number;
  /** How many were at most each bucket's end. */
  readonly atMost: readonly number[];
}

/** How long the commands of a group took so far, wherever they were given. */
export function commandTimesOf(snapshot: Snapshot, group: string): CommandTimes | undefined {
  let buckets: readonly number[] = [];
  const all: Distribution[] = [];
  for (const peer of snapshot.peers.values()) {
    const told = sectionOf(peer, MetricsSection)?.[groupsMetrics.commandTime.name];
    const distribution = told?.distributions[group];
    if (told?.buckets === undefined || distribution === undefined) continue;
    buckets = told.buckets;
    all.push(distribution);
  }
  const count = all.reduce((sum, one) => sum + one.count, 0);
  if (count === 0) return undefined;
  const atMost = buckets.map((_, at) => all.reduce((sum, one) => sum + (one.atMost[at] ?? 0), 0));
  const ms = (share: number): number => 1_000 * quantileOf(buckets, { count, atMost }, share);
  return { count, p50: ms(0.5), p99: ms(0.99) };
}

/**
 * The value that a share of the observations is at or below: within a bucket as if they were spread
 * evenly, above the last one its end.
 */
export function quantileOf(
  buckets: readonly number[],
  { count, atMost }: Distribution,
  share: number,
): number {
  const wanted = share * count;
  const at = atMost.findIndex((seen) => seen >= wanted);
  if (at < 0) return buckets.at(-1) ?? Number.NaN;
  const [from, until] = [buckets[at - 1] ?? 0, buckets[at] ?? Number.NaN];
  const [before, upTo] = [atMost[at - 1] ?? 0, atMost[at] ?? 0];
  return from + (until - from) * ((wanted - before) / Math.max(1, upTo - before));
}
