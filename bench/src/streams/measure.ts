import { median, quantile } from "../statistics.ts";
import { inTurns } from "../turns.ts";
import type { BenchCase } from "./cases.ts";
import type { Crew, Run } from "./crew.ts";
import type { SideName } from "./side.ts";

/** How long and how often to measure. */
export interface Plan {
  /** Until compilers and windows have settled; not counted. */
  readonly warmUpMs: number;
  /** How long the producer sends in one run. */
  readonly runMs: number;
  /** How often each side runs. */
  readonly rounds: number;
  /** How long each run at light load is, at least. */
  readonly lightMs: number;
}

/** The plan, and the one of `--quick`. */
export const plans: { readonly full: Plan; readonly quick: Plan } = {
  full: { warmUpMs: 1_000, runMs: 1_000, rounds: 5, lightMs: 500 },
  quick: { warmUpMs: 200, runMs: 200, rounds: 3, lightMs: 150 },
};

/** Light load is this part of what we can deliver. */
const lightFraction = 0.1;
/** Where that is little, a run at light load lasts until so many items were sent. */
const lightItemsMin = 5;
/** But no longer than this. */
const lightMsMax = 2_000;

/** What was found out of one side. */
export interface Figures {
  /** Items delivered in a second, over all consumers: the median of the runs. */
  readonly itemsPerSecond: number;
  /** Processor a producer used for an item it sent, microseconds: the least of the runs. */
  readonly producerCpuUs: number;
  /** Processor a consumer used for an item it got, microseconds: the least of the runs. */
  readonly consumerCpuUs: number;
  /** The median of this side's runs, each divided by the run of the first side beside it. */
  readonly relative: number;
  /** From sending to having at light load, microseconds. */
  readonly p50us: number;
  readonly p99us: number;
  /** How many were timed for it. */
  readonly timed: number;
}

/** What was found out of a case. */
export interface Outcome {
  readonly bench: BenchCase;
  readonly itemBytes: number;
  readonly sides: ReadonlyMap<SideName, Figures>;
}

/** Measures a case: one after the other, the sides take turns. */
export async function measure(
  bench: BenchCase,
  crews: readonly Crew[],
  plan: Plan,
): Promise<Outcome> {
  let itemBytes = bench.bytes;
  for (const crew of crews) itemBytes = await crew.open(bench);
  for (const crew of crews) await crew.pump(plan.warmUpMs);
  const runs = await inTurns(crews, plan.rounds, (crew) => crew.pump(plan.runMs));
  const rates = runs.map((own) => own.map(rateOf));
  const first = rates[0] ?? [];
  const light = (median(first) / bench.consumers) * lightFraction;
  const lightMs = Math.min(lightMsMax, Math.max(plan.lightMs, (lightItemsMin / light) * 1e3));
  const latencies = await inTurns(crews, plan.rounds, async (crew) =>
    latenciesOf(await crew.pace(lightMs, light)),
  );
  for (const crew of crews) await crew.close();
  const figures = crews.map((crew, index): [SideName, Figures] => {
    const ownRuns = runs[index] ?? [];
    const own = rates[index] ?? [];
    const times = (latencies[index] ?? []).flat();
    return [
      crew.side,
      {
        itemsPerSecond: median(own),
        producerCpuUs: Math.min(...ownRuns.map(({ sent }) => sent.cpuUs / sent.items)),
        consumerCpuUs: Math.min(...ownRuns.map(consumerCpuOf)),
        relative: median(own.map((rate, round) => rate / (first[round] ?? NaN))),
        p50us: quantile(times, 0.5),
        p99us: quantile(times, 0.99),
        timed: times.length,
      },
    ];
  });
  return { bench, itemBytes, sides: new Map(figures) };
}

/** Items over all consumers a second, from the first item's start to the last one's arrival. */
function rateOf({ sent, arrived }: Run): number {
  const items = arrived.reduce((sum, one) => sum + one.items, 0);
  const endUs = Math.max(...arrived.map((one) => one.lastUs));
  return items / ((endUs - sent.startUs) / 1e6);
}

function consumerCpuOf({ arrived }: Run): number {
  const cpu = arrived.reduce((sum, one) => sum + one.cpuUs, 0);
  return cpu / arrived.reduce((sum, one) => sum + one.items, 0);
}

/** Of each timed item at each consumer: from before it was given away until it was there. */
function latenciesOf({ sent, arrived }: Run): number[] {
  return arrived.flatMap(({ timedUs }) =>
    timedUs.map((at, index) => at - (sent.timedUs[index] ?? NaN)),
  );
}
