import type { BenchOptions } from "../options.ts";
import { killChildren } from "../processes/child.ts";
import { endWithSignals } from "../processes/signals.ts";
import { selectNamed, selectSides } from "../select.ts";
import { type Broker, startBroker } from "./broker.ts";
import { type BenchCase, benchCases } from "./cases.ts";
import { Crew } from "./crew.ts";
import { measure, type Outcome, plans } from "./measure.ts";
import { type SideName, sideNames } from "./side.ts";

/** Told of each case, as soon as it is measured. */
export type OnOutcome = (outcome: Outcome) => void;

/**
 * Measures the chosen cases. Returns `false` where one of them failed; why is on stderr.
 *
 * @throws `RangeError` where there is no such case or side.
 */
export async function benchStreams(options: BenchOptions, onOutcome: OnOutcome): Promise<boolean> {
  const cases = selectNamed(benchCases, options.cases);
  const chosen = selectSides(sideNames, options.sides);
  const broker = chosen.includes("nats") ? await findBroker() : undefined;
  const sides = chosen.filter((side) => side !== "nats" || broker !== undefined);
  endWithSignals();
  try {
    return await measureAll(cases, { ...options, sides, broker }, onOutcome);
  } finally {
    killChildren();
    await broker?.close();
  }
}

interface Setup extends Pick<BenchOptions, "quick" | "profile"> {
  readonly sides: readonly SideName[];
  readonly broker: Broker | undefined;
}

async function measureAll(
  cases: readonly BenchCase[],
  setup: Setup,
  onOutcome: OnOutcome,
): Promise<boolean> {
  let allWell = true;
  let crews: readonly Crew[] = [];
  let before: BenchCase | undefined;
  for (const bench of cases) {
    try {
      if (before?.consumers !== bench.consumers) {
        await stop(crews);
        crews = await start(bench, setup);
      }
      before = bench;
      onOutcome(await measure(bench, crews, setup.quick ? plans.quick : plans.full));
    } catch (error) {
      console.error(`${bench.name} failed:`, error);
      allWell = false;
      killChildren(); // the next case begins with processes of its own
      before = undefined;
    }
  }
  await stop(crews);
  return allWell;
}

/** Starts the processes, one side after the other: loading takes much of the processor. */
async function start(
  bench: BenchCase,
  { sides, broker, profile }: Setup,
): Promise<readonly Crew[]> {
  const init = {
    consumers: bench.consumers,
    broker: broker?.address ?? "",
    ...(profile === undefined ? {} : { profile }),
  };
  const crews: Crew[] = [];
  for (const side of sides) {
    const crew = new Crew(side, init);
    crews.push(crew);
    await crew.loaded();
  }
  return crews;
}

async function stop(crews: readonly Crew[]): Promise<void> {
  await Promise.all(crews.map((crew) => crew.stop()));
}

async function findBroker(): Promise<Broker | undefined> {
  const broker = await startBroker();
  if (broker !== undefined) console.error(`peer: ${broker.version}`);
  else {
    console.error(
      "skipped the peer NATS: there is no 'nats-server' on the PATH (Debian: apt-get install nats-server)",
    );
  }
  return broker;
}
