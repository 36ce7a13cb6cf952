import type { BenchOptions } from "../options.ts";
import type { Figures, Seats } from "../run-cases.ts";
import { median } from "../statistics.ts";
import type { ReplayCalls } from "./replay-calls.ts";

/** Of each kind, by turns. */
const rounds = 5;

const program = new URL("./replay-worker.ts", import.meta.url);

/**
 * Items of a stream, live from its producer, and as many of another from the history that the producer's
 * node keeps, by turns: all of it, from the call to the last item, finding the keeper included.
 */
export async function benchReplay(
  { quick }: BenchOptions,
  seats: Seats,
  bytes: number,
): Promise<Figures> {
  const seat = (role: string) => seats.start<ReplayCalls>(program, role);
  const [source, reader] = [seat("source"), seat("reader")];
  const invite = await source.call("open", { seeds: [] });
  await reader.call("open", { seeds: [invite] });
  // Half a second and more each time: with less, how the processor was shared says more than the code.
  const items = Math.floor((quick ? 200_000_000 : 500_000_000) / (bytes + 32));
  const live: number[] = [];
  const replayed: number[] = [];
  await source.call("keep", { items, bytes });
  for (let round = 0; round <= rounds; round++) {
    const [perSecond] = await Promise.all([
      reader.call("live", { items }),
      source.call("send", { items, bytes }),
    ]);
    const again = await reader.call("replay", { items });
    if (round === 0) continue; // a warm-up
    live.push(perSecond);
    replayed.push(again);
  }
  await Promise.all([source.stop(), reader.stop()]); // in order, so that profiles are written
  const [livePerSecond, replayPerSecond] = [median(live), median(replayed)];
  return {
    bytes,
    items,
    livePerSecond: Math.round(livePerSecond),
    replayPerSecond: Math.round(replayPerSecond),
    ratio: Math.round((replayPerSecond / livePerSecond) * 100) / 100,
  };
}
