import { createGroupKey, formatGroupKey } from "@mosaik/groups";
import type { BenchOptions } from "../options.ts";
import type { Child } from "../processes/child.ts";
import type { BenchCase, Figures, Seats } from "../run-cases.ts";
import { median, quantile } from "../statistics.ts";
import { type Calls, writersCount } from "./calls.ts";
import { benchReplay } from "./replay.ts";

type Seat = Child<Calls>;

/** The cases, in the order in which they run. */
export const benchCases: readonly BenchCase[] = [
  { name: "map-writes", run: writes },
  { name: "map-reads", run: reads },
  ...[10_000, 100_000, 1_000_000].map((entries) => ({
    name: `snapshot-${entries}`,
    run: (options: BenchOptions, seats: Seats) => snapshot(options, seats, entries),
  })),
  ...[200_000, 1_000_000].map((entries) => ({
    name: `late-joiner-${entries}`,
    run: (options: BenchOptions, seats: Seats) => lateJoiner(options, seats, entries),
  })),
  ...[64, 1_024].map((bytes) => ({
    name: `replay-${bytes}`,
    run: (options: BenchOptions, seats: Seats) => benchReplay(options, seats, bytes),
  })),
];

async function writes({ quick }: BenchOptions, seats: Seats): Promise<Figures> {
  const { first } = await startStore(seats);
  const ms = quick ? 1_000 : 4_000;
  await first.call("writes", { ms, inFlight: 64 }); // a warm-up
  const one = await repeated(quick, () => first.call("writes", { ms, inFlight: 1 }));
  const many = await repeated(quick, () => first.call("writes", { ms, inFlight: 256 }));
  return { members: writersCount, perSecond1: Math.round(one), perSecond256: Math.round(many) };
}

async function reads({ quick }: BenchOptions, seats: Seats): Promise<Figures> {
  const { first } = await startStore(seats);
  const entries = quick ? 20_000 : 100_000;
  await first.call("fill", { entries });
  const perSecond = await repeated(quick, () => first.call("reads", { ms: 1_000 }));
  return { entries, perSecond: Math.round(perSecond) };
}

async function snapshot(_: BenchOptions, seats: Seats, entries: number): Promise<Figures> {
  const seat = seats.start<Calls>(program, `snapshot-${entries}`);
  const { captureUs, chunksMs, bytes, peakBytes, restoreMs } = await seat.call("snapshot", {
    entries,
  });
  return {
    entries,
    captureUs: Math.round(captureUs * 10) / 10,
    chunksMs: Math.round(chunksMs),
    bytes,
    peakBytes,
    restoreMs: Math.round(restoreMs),
  };
}

/**
 * Writers at a rate: alone, with a reader that joins, of which those writes count that were made before
 * it was live, and beside a process that only computes for as long, which says how much of it is the
 * machine. The rounds take turns. A tenth of the entries where it is to be quick.
 */
async function lateJoiner({ quick }: BenchOptions, seats: Seats, full: number): Promise<Figures> {
  const { first, key, seeds } = await startStore(seats, true);
  const entries = quick ? full / 10 : full;
  const pace = { ms: quick ? 4_000 : 10_000, perSecond: 1_000 };
  await first.call("fill", { entries });
  const fillLosses = await first.call("losses", null);
  await first.call("pace", pace); // a warm-up, in which all take the snapshots that filling made due
  const alone: number[] = [];
  const beside: number[] = [];
  const busy: number[] = [];
  const liveMs: number[] = [];
  for (let round = 0; round < (quick ? 2 : 3); round++) {
    alone.push(quantile(await first.call("pace", pace), 0.99));
    const joiner = seats.start<Calls>(program, `joiner-${round}`);
    await joiner.call("warm", null); // it has loaded its code: joining is measured
    const paced = first.call("pace", { ...pace, ms: 100_000 });
    const begin = performance.now();
    await joiner.call("open", { key, seeds, as: "reader", lan: true });
    await joiner.call("live", null);
    const ms = performance.now() - begin;
    liveMs.push(ms);
    await first.call("rest", null);
    const size = await joiner.call("reach", { version: 0 });
    if (size < entries) throw new Error(`the reader is live with ${size} entries`);
    beside.push(quantile(await paced, 0.99));
    await joiner.stop();
    const computer = seats.start<Calls>(program, `computer-${round}`);
    await computer.call("warm", null);
    const computed = computer.call("compute", { ms });
    busy.push(quantile(await first.call("pace", { ...pace, ms }), 0.99));
    await computed;
    await computer.stop();
  }
  const [aloneP99Ms, joinerP99Ms, busyP99Ms] = [median(alone), median(beside), median(busy)];
  return {
    entries,
    writesPerSecond: pace.perSecond,
    aloneP99Ms: tenth(aloneP99Ms),
    joinerP99Ms: tenth(joinerP99Ms),
    ratio: tenth(joinerP99Ms / aloneP99Ms),
    busyP99Ms: tenth(busyP99Ms),
    ratioToBusy: tenth(joinerP99Ms / busyP99Ms),
    liveMs: Math.round(median(liveMs)),
    leaderLosses: fillLosses + (await first.call("losses", null)),
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}

async function repeated(quick: boolean, run: () => Promise<number>): Promise<number> {
  const figures: number[] = [];
  for (let at = 0; at < (quick ? 3 : 5); at++) figures.push(await run());
  return median(figures);
}

const program = new URL("./worker.ts", import.meta.url);

/** The writers; the one that leads is the first. */
async function startStore(
  seats: Seats,
  lan = false,
): Promise<{ first: Seat; key: string; seeds: string[] }> {
  const key = formatGroupKey(createGroupKey());
  const seeds: string[] = [];
  const all = Array.from({ length: writersCount }, (_, at) =>
    seats.start<Calls>(program, `writer-${at}`),
  );
  for (const seat of all) {
    seeds.push(await seat.call("open", { key, seeds: [...seeds], as: "writer", lan }));
  }
  const roles = await Promise.all(all.map((seat) => seat.call("online", null)));
  const first = all[roles.indexOf("leader")];
  if (first === undefined) throw new Error("nobody leads");
  return { first, key, seeds };
}
