import type { BenchOptions } from "../options.ts";
import { killChildren } from "../processes/child.ts";
import { endWithSignals } from "../processes/signals.ts";
import { selectNamed, selectSides } from "../select.ts";
import { type BenchCase, benchCases } from "./cases.ts";
import { etcdVersion } from "./etcd-seats.ts";
import { measure, type Outcome, type Plan, plans, settle } from "./measure.ts";
import { type SideName, sideNames } from "./side.ts";
import { canStore, Team } from "./team.ts";

/** Told of each case, as soon as it is measured. */
export type OnOutcome = (outcome: Outcome) => void;

/**
 * Measures the chosen cases. Returns `false` where one of them failed; why is on stderr.
 *
 * @throws `RangeError` where there is no such case or side.
 */
export async function benchGroups(options: BenchOptions, onOutcome: OnOutcome): Promise<boolean> {
  const cases = selectNamed(benchCases, options.cases);
  const plan = options.quick ? plans.quick : plans.full;
  const chosen = selectSides(sideNames, options.sides);
  const sides = chosen.filter((side) => side !== "etcd" || hasEtcd());
  endWithSignals();
  let allWell = true;
  let teams: readonly Team[] = [];
  let before: BenchCase | undefined;
  try {
    for (const bench of cases) {
      try {
        if (before?.setting !== bench.setting) {
          await stop(teams);
          teams = [];
          teams = await start(bench, sides, options.profile);
          if (bench.kind === "load") await warmUp(teams, plan);
        }
        before = bench;
        onOutcome(await measure(bench, teams, plan));
      } catch (error) {
        console.error(`${bench.name} failed:`, error);
        allWell = false;
        killChildren(); // the next case begins with processes of its own
        before = undefined;
      }
    }
  } finally {
    await stop(teams);
    killChildren();
  }
  return allWell;
}

/** Starts the groups, one side after the other: loading takes much of the processor. */
async function start(
  { setting }: BenchCase,
  sides: readonly SideName[],
  profile: string | undefined,
): Promise<readonly Team[]> {
  const teams: Team[] = [];
  for (const side of sides) {
    if (canStore(side, setting.storage)) teams.push(await Team.start(side, setting, profile));
    else console.error(`skipped ${side} in memory: there is no file system in memory here`);
  }
  return teams;
}

async function warmUp(teams: readonly Team[], plan: Plan): Promise<void> {
  for (const team of teams) await settle(team, plan);
}

async function stop(teams: readonly Team[]): Promise<void> {
  await Promise.all(teams.map((team) => team.stop()));
}

function hasEtcd(): boolean {
  const version = etcdVersion();
  if (version !== undefined) console.error(`peer: ${version}`);
  else {
    console.error(
      "skipped the peer etcd: there is no 'etcd' on the PATH (Debian: apt-get install etcd-server)",
    );
  }
  return version !== undefined;
}
