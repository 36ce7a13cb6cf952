import type { Known } from "./known.ts";
import type { Track } from "./track.ts";

/** Items of one producer that are known to have been sent and were not handed over. */
export function lagOf(
  { producer, next, live }: Pick<Track<never>, "producer" | "next" | "live">,
  known: Known,
): number {
  if (next === undefined) return 0;
  const runs = new Set(known.incarnations(producer));
  if (live !== undefined) runs.add(live.incarnation);
  let lag = 0;
  for (const run of runs) {
    if (run < next.incarnation) continue;
    const from = run === next.incarnation ? next.sequence : 0;
    const ends = known.holders(producer, run).map(({ end }) => end);
    if (live?.incarnation === run) ends.push(live.sequence);
    lag += Math.max(from, ...ends) - from;
  }
  return lag;
}
