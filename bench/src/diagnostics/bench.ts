import type { BenchOptions } from "../options.ts";
import type { BenchCase, Figures, Seats } from "../run-cases.ts";
import { median } from "../statistics.ts";
import { inTurns } from "../turns.ts";
import type { Calls, Flow } from "./calls.ts";

/** The cases, in the order in which they run. */
export const benchCases: readonly BenchCase[] = [
  { name: "at-rest", run: atRest },
  { name: "ten-greedy", run: tenGreedy },
];

const program = new URL("./worker.ts", import.meta.url);
const inspectors = 10;

/** What an idle node takes of a processor: without diagnostics, with them, and while it is looked into. */
async function atRest({ quick }: BenchOptions, seats: Seats): Promise<Figures> {
  const ms = quick ? 6_000 : 30_000;
  const [bare, told, watcher] = ["bare", "told", "watcher"].map((role) =>
    seats.start<Calls>(program, role),
  ) as [Seat, Seat, Seat]; // as many as roles
  const consumer = { seeds: [], as: "consumer" } as const;
  await bare.call("open", { ...consumer, diagnostics: false });
  const { address, peer } = await told.call("open", { ...consumer, diagnostics: true });
  await Promise.all([bare, told].map((seat) => seat.call("rest", { ms: 3_000 }))); // a warm-up
  const [without = 0, withThem = 0] = await Promise.all(
    [bare, told].map((seat) => seat.call("rest", { ms })),
  );
  const watched = async (as: "calm" | "greedy"): Promise<number> => {
    await watcher.call("look", { as });
    await told.call("rest", { ms: 6_000 }); // until what may be done at once has been done
    const share = await told.call("rest", { ms });
    await watcher.call("stopLooking", null);
    return share;
  };
  await watcher.call("connect", { address, peer, inspectors: 1 });
  const one = await watched("calm");
  await watcher.call("connect", { address, peer, inspectors: inspectors - 1 });
  const connected = await told.call("rest", { ms });
  const ten = await watched("greedy");
  return {
    barePercent: percent(without),
    atRestPercent: percent(withThem),
    costPercent: percent(withThem - without),
    watchedPercent: percent(one),
    tenConnectedPercent: percent(connected),
    tenGreedyPercent: percent(ten),
  };
}

/**
 * A stream at its fastest: alone, with ten others connected, and with these looking greedily. Pairs of
 * short runs, one after the other, since the machine is not the same from minute to minute.
 */
async function tenGreedy({ quick }: BenchOptions, seats: Seats): Promise<Figures> {
  const ms = quick ? 500 : 1_000;
  const [producer, consumer, others] = ["producer", "consumer", "inspectors"].map((role) =>
    seats.start<Calls>(program, role),
  ) as [Seat, Seat, Seat]; // as many as roles
  const open = { as: "producer", diagnostics: true } as const;
  const { address, peer } = await producer.call("open", { ...open, seeds: [] });
  await consumer.call("open", { ...open, as: "consumer", seeds: [address] });
  const flow = (): Promise<Flow> => producer.call("flow", { ms });
  await producer.call("flow", { ms: 4_000 }); // a warm-up
  let [answers, lookedMs] = [0, 0];
  const turn = async (as: "idle" | "greedy"): Promise<Flow> => {
    if (as === "idle") return flow();
    await others.call("look", { as });
    const flown = await flow();
    answers += await others.call("stopLooking", null);
    lookedMs += flown.ms;
    return flown;
  };
  const [alone, idle, greedy]: [Flow[], Flow[], Flow[]] = [[], [], []];
  const paired: { readonly whole: number[]; readonly looking: number[] } = {
    whole: [],
    looking: [],
  };
  for (let block = 0; block < (quick ? 6 : 15); block++) {
    const before = [await flow(), await flow()];
    await others.call("connect", { address, peer, inspectors });
    const [idles = [], greedies = []] = await inTurns(["idle", "greedy"] as const, 4, turn);
    await others.call("disconnect", null);
    paired.looking.push(rate(greedies) / rate(idles));
    paired.whole.push(rate(greedies) / rate(before));
    alone.push(...before);
    idle.push(...idles);
    greedy.push(...greedies);
  }
  return {
    aloneItemsPerSecond: Math.round(rate(alone)),
    connectedItemsPerSecond: Math.round(rate(idle)),
    lookedIntoItemsPerSecond: Math.round(rate(greedy)),
    ratio: hundredth(median(paired.looking)),
    aloneRatio: hundredth(median(paired.whole)),
    cpuRatio: hundredth(cost(greedy) / cost(idle)),
    answersPerSecond: Math.round((answers * 1_000) / lookedMs),
  };
}

type Seat = ReturnType<typeof Seats.prototype.start<Calls>>;

/** Items in a second, of several runs together. */
function rate(flows: readonly Flow[]): number {
  return (sum(flows, "items") * 1_000) / sum(flows, "ms");
}

/** Processor time of the producer's process for a million items, ms. */
function cost(flows: readonly Flow[]): number {
  return (sum(flows, "cpuMs") * 1_000_000) / sum(flows, "items");
}

function sum(flows: readonly Flow[], of: keyof Flow): number {
  return flows.reduce((total, flow) => total + flow[of], 0);
}

function percent(share: number): number {
  return hundredth(share * 100);
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
