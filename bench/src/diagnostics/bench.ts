import type { BenchOptions } from "../options.ts";
import { Child, killChildren } from "../processes/child.ts";
import { endWithSignals } from "../processes/signals.ts";
import { selectNamed } from "../select.ts";
import { median } from "../statistics.ts";
import type { Outcome } from "../stores/bench.ts";
import { inTurns } from "../turns.ts";
import type { Calls, Flow } from "./calls.ts";

/** The cases, in the order in which they run. */
export const benchCases = [
  { name: "at-rest", run: atRest },
  { name: "ten-greedy", run: tenGreedy },
] as const;

/**
 * Measures the chosen cases. Returns `false` where one of them failed; why is on stderr.
 *
 * @throws `RangeError` where there is no such case.
 */
export async function benchDiagnostics(
  options: BenchOptions,
  onOutcome: (outcome: Outcome) => void,
): Promise<boolean> {
  endWithSignals();
  let allWell = true;
  for (const { name, run } of selectNamed(benchCases, options.cases)) {
    try {
      onOutcome({ case: name, figures: await run(options) });
    } catch (error) {
      console.error(`${name} failed:`, error);
      allWell = false;
    } finally {
      await Promise.all(seats.splice(0).map((seat) => seat.stop()));
      killChildren();
    }
  }
  return allWell;
}

/** What an idle node takes of a processor: without diagnostics, with them, and with one who looks. */
async function atRest({ quick, profile }: BenchOptions): Promise<Outcome["figures"]> {
  const ms = quick ? 6_000 : 30_000;
  const [bare, told, watcher] = [
    start("bare", profile),
    start("told", profile),
    start("watcher", profile),
  ];
  await bare.call("open", { seeds: [], as: "consumer", diagnostics: false });
  const { address, peer } = await told.call("open", {
    seeds: [],
    as: "consumer",
    diagnostics: true,
  });
  await Promise.all([bare, told].map((seat) => seat.call("rest", { ms: 3_000 }))); // a warm-up
  const [without = 0, withThem = 0] = await Promise.all(
    [bare, told].map((seat) => seat.call("rest", { ms })),
  );
  await watcher.call("look", { address, peer, inspectors: 1, as: "calm" });
  await told.call("rest", { ms: 2_000 });
  const watched = await told.call("rest", { ms });
  await watcher.call("stopLooking", null);
  return {
    barePercent: percent(without),
    atRestPercent: percent(withThem),
    costPercent: percent(withThem - without),
    watchedPercent: percent(watched),
  };
}

/** A stream at its fastest: alone, with ten others connected, and with ten that look greedily, in turns. */
async function tenGreedy({ quick, profile }: BenchOptions): Promise<Outcome["figures"]> {
  const ms = quick ? 2_000 : 6_000;
  const [producer, consumer, inspectors] = [
    start("producer", profile),
    start("consumer", profile),
    start("inspectors", profile),
  ];
  const { address, peer } = await producer.call("open", {
    seeds: [],
    as: "producer",
    diagnostics: true,
  });
  await consumer.call("open", { seeds: [address], as: "consumer", diagnostics: true });
  await producer.call("flow", { ms });
  let [answers, lookedMs] = [0, 0];
  const turn = async (as: "alone" | "idle" | "greedy"): Promise<Flow> => {
    if (as === "alone") return producer.call("flow", { ms });
    await inspectors.call("look", { address, peer, inspectors: 10, as });
    const flow = await producer.call("flow", { ms });
    answers += await inspectors.call("stopLooking", null);
    if (as === "greedy") lookedMs += flow.ms;
    return flow;
  };
  const turns = await inTurns(["alone", "idle", "greedy"] as const, quick ? 6 : 9, turn);
  const [alone = Number.NaN, idle = Number.NaN, greedy = Number.NaN] = turns.map((flows) =>
    median(flows.map(rate)),
  );
  const [, idleCost = Number.NaN, greedyCost = Number.NaN] = turns.map((flows) =>
    median(flows.map(cost)),
  );
  return {
    aloneItemsPerSecond: Math.round(alone),
    connectedItemsPerSecond: Math.round(idle),
    lookedIntoItemsPerSecond: Math.round(greedy),
    ratio: hundredth(greedy / idle),
    aloneRatio: hundredth(greedy / alone),
    cpuRatio: hundredth(greedyCost / idleCost),
    answersPerSecond: Math.round((answers * 1_000) / lookedMs),
  };
}

function rate({ items, ms }: Flow): number {
  return (items * 1_000) / ms;
}

/** Processor time of the producer's process for a million items, ms. */
function cost({ items, cpuMs }: Flow): number {
  return (cpuMs * 1_000_000) / items;
}

function percent(share: number): number {
  return hundredth(share * 100);
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}

type Seat = Child<Calls>;

const program = new URL("./worker.ts", import.meta.url);

/** Those that were started for the case. */
const seats: Seat[] = [];

/** Starts a process, that ends with its case. */
function start(role: string, profile: string | undefined): Seat {
  const seat = new Child<Calls>({ program, side: "ours", role, profile });
  seats.push(seat);
  return seat;
}
