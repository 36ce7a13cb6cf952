import type { BenchOptions } from "../options.ts";
import { Child, killChildren } from "../processes/child.ts";
import { endWithSignals } from "../processes/signals.ts";
import type { Outcome } from "../run-cases.ts";
import { selectNamed, selectSides } from "../select.ts";
import { median } from "../statistics.ts";
import type { Arrived } from "../streams/arrivals.ts";
import { inTurns } from "../turns.ts";
import type { Calls } from "./calls.ts";
import { hasChromium, type Pages, startPages, type Tab } from "./pages.ts";
import { type SideName, sideNames } from "./side.ts";

type Seat = Child<Calls>;

/** The cases, in the order in which they run. */
export const benchCases = [64, 1_024].flatMap((bytes) => [
  { name: `node-to-page-${bytes}`, bytes, open: nodeToPage },
  { name: `page-to-page-${bytes}`, bytes, open: pageToPage },
]);

/** The two ends of a side. */
interface Pair {
  readonly producer: Seat | Tab;
  readonly consumer: Tab;
}

const program = new URL("./worker.ts", import.meta.url);
const plans = {
  full: { warmUpMs: 2_000, runMs: 2_000, rounds: 5 },
  quick: { warmUpMs: 500, runMs: 500, rounds: 3 },
};

/**
 * Measures the chosen cases. Returns `false` where one of them failed; why is on stderr. Without a
 * Chromium it says so there, and measures nothing.
 *
 * @throws `RangeError` where there is no such case or side.
 */
export async function benchBrowser(
  options: BenchOptions,
  onOutcome: (outcome: Outcome) => void,
): Promise<boolean> {
  const cases = selectNamed(benchCases, options.cases);
  const sides = selectSides(sideNames, options.sides);
  if (!hasChromium()) {
    console.error("no Chromium: browser is left out. Install one or set CHROMIUM_PATH");
    return true;
  }
  endWithSignals();
  const pages = await startPages();
  let allWell = true;
  for (const { name, bytes, open } of cases) {
    try {
      onOutcome({ case: name, figures: await measure(options, pages, sides, bytes, open) });
    } catch (error) {
      console.error(`${name} failed:`, error);
      allWell = false;
    } finally {
      await Promise.all(opened.splice(0).map((end) => ("stop" in end ? end.stop() : end.close())));
      killChildren();
    }
  }
  await pages.close();
  return allWell;
}

async function measure(
  { quick, profile }: BenchOptions,
  pages: Pages,
  sides: readonly SideName[],
  bytes: number,
  open: (opening: Opening) => Promise<Pair>,
): Promise<Outcome["figures"]> {
  const { warmUpMs, runMs, rounds } = quick ? plans.quick : plans.full;
  const pairs: Pair[] = [];
  for (const side of sides) pairs.push(await open({ side, bytes, pages, profile }));
  for (const pair of pairs) await run(pair, warmUpMs);
  const rates = await inTurns(pairs, rounds, async (pair) => rateOf(await run(pair, runMs)));
  const [first = []] = rates;
  const figures = sides.map((side, at) => [
    `${side}ItemsPerSecond`,
    Math.round(median(rates[at] ?? [])),
  ]);
  const last = rates.at(-1) ?? [];
  const ratio = median(first.map((rate, round) => rate / (last[round] ?? Number.NaN)));
  const compared = sides.length > 1 ? { ratio: Math.round(ratio * 100) / 100 } : {};
  return { ...Object.fromEntries(figures), ...compared };
}

async function run({ producer, consumer }: Pair, durationMs: number): Promise<Arrived> {
  const [arrived, sent] = await Promise.all([
    consumer.call("arrived", null),
    producer.call("pump", { durationMs }),
  ]);
  if (arrived.items !== sent.items) throw new Error(`${sent.items - arrived.items} got lost`);
  return arrived;
}

/** Items a second, from the first to the last, by the consumer's clock. */
function rateOf({ items, firstUs, lastUs }: Arrived): number {
  return ((items - 1) * 1e6) / (lastUs - firstUs);
}

interface Opening {
  readonly side: SideName;
  readonly bytes: number;
  readonly pages: Pages;
  readonly profile: string | undefined;
}

/** A process produces, a page consumes. */
async function nodeToPage({ side, bytes, pages, profile }: Opening): Promise<Pair> {
  const work = { side, bytes, relay: "" };
  const producer = start(side, "producer", profile);
  const [address, consumer] = await Promise.all([producer.call("produce", work), openTab(pages)]);
  await consumer.call("consume", { ...work, address });
  await producer.call("ready", null);
  return { producer, consumer };
}

/** Two pages, and a process that arranges their connection. */
async function pageToPage({ side, bytes, pages, profile }: Opening): Promise<Pair> {
  const relay = await start(side, "relay", profile).call("relay", side);
  const [producer, consumer] = await Promise.all([openTab(pages), openTab(pages)]);
  const work = { side, bytes, relay };
  const address = await producer.call("produce", work);
  await consumer.call("consume", { ...work, address });
  await producer.call("ready", null);
  return { producer, consumer };
}

/** What was started for the case. */
const opened: (Seat | Tab)[] = [];

async function openTab(pages: Pages): Promise<Tab> {
  const tab = await pages.open();
  opened.push(tab);
  return tab;
}

function start(side: SideName, role: string, profile: string | undefined): Seat {
  const seat = new Child<Calls>({ program, side, role, profile });
  opened.push(seat);
  return seat;
}
