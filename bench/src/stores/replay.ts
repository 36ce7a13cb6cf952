import type { BenchOptions } from "../options.ts";
import type { Figures, Seats } from "../run-cases.ts";
import { median } from "../statistics.ts";
import type { ReplayCalls } from "./replay-calls.ts";

const program = new URL("./replay-worker.ts", import.meta.url);

/**
 * Items of a stream, live from its producer, and the same ones from the history that the producer's
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
  const items = Math.floor((quick ? 50_000_000 : 200_000_000) / (bytes + 32));
  const live: number[] = [];
  const replayed: number[] = [];
  const goLive = async (): Promise<number> => {
    const [perSecond] = await Promise.all([
      reader.call("live", { items }),
      source.call("send", { items, bytes }),
    ]);
    return perSecond;
  };
  await goLive(); // a warm-up
  for (let round = 0; round < 3; round++) live.push(await goLive());
  await reader.call("leave", null);
  await source.call("keep", null);
  await source.call("send", { items, bytes });
  await reader.call("replay", { items }); // a warm-up
  for (let round = 0; round < 3; round++) replayed.push(await reader.call("replay", { items }));
  const [livePerSecond, replayPerSecond] = [median(live), median(replayed)];
  return {
    bytes,
    items,
    livePerSecond: Math.round(livePerSecond),
    replayPerSecond: Math.round(replayPerSecond),
    ratio: Math.round((replayPerSecond / livePerSecond) * 100) / 100,
  };
}
