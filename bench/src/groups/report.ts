import { groupTimings, lanTimings } from "@mosaik/groups";
import { median, quantile } from "../statistics.ts";
import { rounded, row, short } from "../table.ts";
import type { Timings } from "./cases.ts";
import type { Load, Outcome } from "./measure.ts";

type Loads = Extract<Outcome, { kind: "load" }>;
type Failovers = Extract<Outcome, { kind: "failover" }>;

/** Silence after which each stands, milliseconds: ours draws from a range, etcd from once to twice. */
const electionTimeouts: {
  readonly [Name in Timings]: { readonly ours: number; readonly etcd: number };
} = {
  default: { ours: groupTimings.electionMinMs, etcd: 1_000 },
  lan: { ours: lanTimings.electionMinMs, etcd: 300 },
};

/** An outcome as one line of JSON; the README of the bench says what each field is. */
export function jsonLine(outcome: Outcome): string {
  return JSON.stringify(outcome.kind === "load" ? loadJson(outcome) : failoverJson(outcome));
}

function loadJson({ bench, sides }: Loads): object {
  const [ours, etcd] = [sides.get("ours"), sides.get("etcd")];
  return {
    bench: "groups",
    case: bench.name,
    unit: bench.kind === "load" && bench.operation === "write" ? "writes/s" : "reads/s",
    ours: ours === undefined ? null : Math.round(ours.leader.perSecond),
    peers: etcd === undefined ? {} : { etcd: Math.round(etcd.leader.perSecond) },
    ratios: ours === undefined || etcd === undefined ? {} : { etcd: ratio(etcd.leader) },
    ...timesOf(ours?.leader),
    latencies: etcd === undefined ? {} : { etcd: timesOf(etcd.leader) },
    follower: {
      ours: ours === undefined ? null : Math.round(ours.follower.perSecond),
      peers: etcd === undefined ? {} : { etcd: Math.round(etcd.follower.perSecond) },
      ratios: ours === undefined || etcd === undefined ? {} : { etcd: ratio(etcd.follower) },
      ...timesOf(ours?.follower),
      latencies: etcd === undefined ? {} : { etcd: timesOf(etcd.follower) },
    },
    leaderCpuUsPerOperation: {
      leader: rounded(ours?.leader.leaderCpuUs ?? 0),
      follower: rounded(ours?.follower.leaderCpuUs ?? 0),
    },
    operations: ours?.leader.operations ?? 0,
  };
}

function failoverJson({ bench, sides }: Failovers): object {
  const [ours, etcd] = [sides.get("ours"), sides.get("etcd")];
  const timeouts = electionTimeouts[bench.setting.timings];
  return {
    bench: "groups",
    case: bench.name,
    unit: "ms",
    ours: ours === undefined ? null : Math.round(median(ours)),
    peers: etcd === undefined ? {} : { etcd: Math.round(median(etcd)) },
    p99: ours === undefined ? null : Math.round(quantile(ours, 0.99)),
    electionTimeoutMs: timeouts,
    ofElectionTimeout: {
      ...(ours === undefined ? {} : { ours: partsOf(ours, timeouts.ours) }),
      ...(etcd === undefined ? {} : { etcd: partsOf(etcd, timeouts.etcd) }),
    },
    runsMs: Object.fromEntries([...sides].map(([side, runs]) => [side, runs.map(Math.round)])),
  };
}

function partsOf(runs: readonly number[], timeoutMs: number): { p50: number; p99: number } {
  return {
    p50: rounded(median(runs) / timeoutMs),
    p99: rounded(quantile(runs, 0.99) / timeoutMs),
  };
}

function timesOf(load: Load | undefined): { p50us: number | null; p99us: number | null } {
  if (load === undefined) return { p50us: null, p99us: null };
  return { p50us: Math.round(load.p50us), p99us: Math.round(load.p99us) };
}

/** Our rate divided by that of another side, paired within the rounds. */
function ratio({ relative }: Load): number {
  return rounded(1 / relative);
}

/** The titles of the columns of {@link tableLine}. */
export const tableTitle: string = row([
  "case",
  "ours",
  "of etcd",
  "p50/p99 µs",
  "etcd p50/p99",
  "at follower",
  "of etcd",
  "cpu µs/op",
]);

/** An outcome as one line of a table: clients at the leader, then at a follower. */
export function tableLine(outcome: Outcome): string {
  return row(outcome.kind === "load" ? loadCells(outcome) : failoverCells(outcome));
}

function loadCells({ bench, sides }: Loads): string[] {
  const [ours, etcd] = [sides.get("ours"), sides.get("etcd")];
  const first = ours ?? etcd;
  const part = (load: Load | undefined): string =>
    ours === undefined || load === undefined ? "-" : `${ratio(load)}x`;
  return [
    bench.name,
    first === undefined ? "-" : short(first.leader.perSecond),
    part(etcd?.leader),
    times(ours?.leader),
    times(etcd?.leader),
    first === undefined ? "-" : short(first.follower.perSecond),
    part(etcd?.follower),
    ours?.leader.leaderCpuUs === undefined ? "-" : short(ours.leader.leaderCpuUs),
  ];
}

function failoverCells({ bench, sides }: Failovers): string[] {
  const timeouts = electionTimeouts[bench.setting.timings];
  return [
    bench.name,
    ...[...sides].map(([side, runs]) => {
      const { p50, p99 } = partsOf(runs, timeouts[side]);
      return `  ${side}: ${Math.round(median(runs))} ms, p50 ${p50}x and p99 ${p99}x the timeout`;
    }),
  ];
}

function times(load: Load | undefined): string {
  return load === undefined ? "-" : `${Math.round(load.p50us)}/${Math.round(load.p99us)}`;
}
