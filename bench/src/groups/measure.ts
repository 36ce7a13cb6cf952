import { setTimeout as sleep } from "node:timers/promises";
import { median, quantile } from "../statistics.ts";
import { inTurns } from "../turns.ts";
import type { Calls } from "./calls.ts";
import type { BenchCase } from "./cases.ts";
import type { Done } from "./drive.ts";
import type { Seat } from "./seat.ts";
import type { SideName } from "./side.ts";
import type { Team } from "./team.ts";

/** How long and how often to measure. */
export interface Plan {
  /** How long a group that has just started is warmed up, with clients at each of two members. */
  readonly settleMs: number;
  /** Before each case, with much on its way; not counted. */
  readonly warmUpMs: number;
  readonly runMs: number;
  /** How often each side runs. */
  readonly rounds: number;
  /** How often the leader of each side is killed. */
  readonly kills: number;
}

/** The plan, and the one of `--quick`. */
export const plans: { readonly full: Plan; readonly quick: Plan } = {
  full: { settleMs: 6_000, warmUpMs: 1_000, runMs: 2_000, rounds: 5, kills: 20 },
  quick: { settleMs: 3_000, warmUpMs: 500, runMs: 400, rounds: 3, kills: 3 },
};

/** What was found out of one side with clients at one member. */
export interface Load {
  /** The median of the runs. */
  readonly perSecond: number;
  /** From the call to its answer, microseconds, of all runs. */
  readonly p50us: number;
  readonly p99us: number;
  readonly operations: number;
  /** Processor that the leader's process used for an operation, microseconds; ours only. */
  readonly leaderCpuUs: number | undefined;
  /** The median of this side's runs, each divided by the run of the first side beside it. */
  readonly relative: number;
}

/** What was found out of a case. */
export type Outcome =
  | {
      readonly kind: "load";
      readonly bench: BenchCase;
      readonly sides: ReadonlyMap<SideName, { readonly leader: Load; readonly follower: Load }>;
    }
  | {
      readonly kind: "failover";
      readonly bench: BenchCase;
      /** Milliseconds, in the order of the kills. */
      readonly sides: ReadonlyMap<SideName, readonly number[]>;
    };

/** Measures a case; the sides take turns. */
export async function measure(
  bench: BenchCase,
  teams: readonly Team[],
  plan: Plan,
): Promise<Outcome> {
  if (bench.kind === "load") return measureLoad(bench, teams, plan);
  const found = await inTurns(teams, plan.kills, (team) => team.failOver());
  const sides = new Map(teams.map(({ side }, index) => [side, found[index] ?? []]));
  return { kind: "failover", bench, sides };
}

/** Few at a time take too long to warm what all cases run on. */
const warmUpOutstanding = 64;

/**
 * Runs a group that has just started until the compilers of its processes have settled: a server that
 * was compiled before is as fast at once, and one that is used for long is what both are compared as.
 */
export async function settle(team: Team, { settleMs }: Plan): Promise<void> {
  const { leader, follower } = await team.roles();
  for (const { client } of [leader, follower]) {
    for (const outstanding of [warmUpOutstanding, 1]) {
      const ask = { outstanding, durationMs: settleMs / 2 };
      await client.call("drive", { operation: "write", ...ask });
      await client.call("drive", { operation: "strong-read", ...ask, durationMs: settleMs / 8 });
    }
  }
}

type LoadCase = Extract<BenchCase, { kind: "load" }>;

interface Run extends Done {
  readonly leaderCpuUs: number;
}

async function measureLoad(
  bench: LoadCase,
  teams: readonly Team[],
  { warmUpMs, runMs, rounds }: Plan,
): Promise<Outcome> {
  const turn = async (
    team: Team,
    ms: number,
    { outstanding }: LoadCase = bench,
  ): Promise<{ leader: Run; follower: Run }> => {
    const { leader, follower } = await team.roles();
    const before = await writtenAt(team, bench);
    const ask = { operation: bench.operation, outstanding, durationMs: ms };
    const atLeader = await drive(ask, leader, leader);
    const atFollower = await drive(ask, follower, leader);
    const writes = (await writtenAt(team, bench)) - before;
    const expected = bench.operation === "write" ? atLeader.operations + atFollower.operations : 0;
    if (writes !== expected) throw new Error(`${team.side}: ${writes} of ${expected} writes`);
    return { leader: atLeader, follower: atFollower };
  };
  const outstanding = Math.max(bench.outstanding, warmUpOutstanding);
  for (const team of teams) await turn(team, warmUpMs, { ...bench, outstanding });
  const runs = await inTurns(teams, rounds, (team) => turn(team, runMs));
  const sides = teams.map(({ side }, index): [SideName, { leader: Load; follower: Load }] => {
    const of = (at: "leader" | "follower"): Load =>
      loadOf(
        side,
        (runs[index] ?? []).map((run) => run[at]),
        (runs[0] ?? []).map((run) => run[at]),
      );
    return [side, { leader: of("leader"), follower: of("follower") }];
  });
  return { kind: "load", bench, sides: new Map(sides) };
}

/** How many writes a group holds, which must be so at every member. */
async function writtenAt({ side, seats }: Team, bench: LoadCase): Promise<number> {
  if (bench.operation !== "write") return 0;
  const counts = await Promise.all(seats.map(({ client }) => client.call("written", null)));
  const [count = 0] = counts;
  if (counts.some((one) => one !== count)) throw new Error(`${side}: members have ${counts}`);
  return count;
}

async function drive(ask: Calls["drive"]["ask"], at: Seat, leader: Seat): Promise<Run> {
  await sleep(20); // what others began is over
  const before = await leader.client.call("cpu", null);
  const done = await at.client.call("drive", ask);
  return { ...done, leaderCpuUs: (await leader.client.call("cpu", null)) - before };
}

function loadOf(side: SideName, runs: readonly Run[], first: readonly Run[]): Load {
  const times = runs.flatMap(({ timesUs }) => timesUs);
  const operations = runs.reduce((sum, run) => sum + run.operations, 0);
  const leaderCpuUs = runs.reduce((sum, run) => sum + run.leaderCpuUs, 0);
  return {
    perSecond: median(runs.map(rateOf)),
    p50us: quantile(times, 0.5),
    p99us: quantile(times, 0.99),
    operations,
    leaderCpuUs: side === "ours" ? leaderCpuUs / operations : undefined,
    relative: median(runs.map((run, round) => rateOf(run) / rateOf(first[round] ?? run))),
  };
}

function rateOf({ operations, seconds }: Done): number {
  return operations / seconds;
}
