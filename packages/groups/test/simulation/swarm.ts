import { type Random, randomInteger, sample } from "@mosaik/primitives";
import { lanTimings, type RaftLimits, raftLimits } from "../../src/raft/limits.ts";
import type { MemberKind } from "../../src/raft/member.ts";

/** A kind of trouble; each run has some of them. */
export const faultKinds = [
  "loss",
  "duplication",
  "reorder",
  "partition",
  "one-way",
  "isolate-leader",
  "ring",
  "crash",
  "crash-all",
  "torn",
  "wipe",
  "lost-change",
  "corrupt",
  "pause",
  "slow-disk",
  "failed-disk",
  "transfer",
  "removal",
  "join",
  "drift",
  "snapshot-loss",
  "swizzle",
  "spite",
] as const;

/** One of {@link faultKinds}. */
export type FaultKind = (typeof faultKinds)[number];

const lastingKinds = new Set<FaultKind>([
  "loss",
  "duplication",
  "reorder",
  "torn",
  "drift",
  "snapshot-loss",
]);

/** Whether a kind of trouble is there all the time, and not the work of single strikes. */
export function isLasting(kind: FaultKind): boolean {
  return lastingKinds.has(kind);
}

/** What one run is made of: all of it follows from the seed. */
export interface Swarm {
  readonly kinds: readonly MemberKind[];
  /** How many of the nodes are in the genesis record; the rest join. 0: the nodes found it. */
  readonly founders: number;
  readonly limits: RaftLimits;
  readonly faults: ReadonlySet<FaultKind>;
  readonly faultEveryMs: number;
  readonly clients: number;
  readonly thinkMs: number;
  readonly keys: number;
  readonly lossRate: number;
  /** How often a leader that has just committed is cut off with a minority, where there is spite. */
  readonly spiteRate: number;
  /** The share of messages that come seconds late, where they are reordered at all. */
  readonly lateRate: number;
  /** The share of fetched entries that their provider alters. */
  readonly forgeRate: number;
  readonly delayMs: number;
  readonly fsyncMs: number;
  readonly chaosMs: number;
  readonly start: StartKind;
  /** What a snapshot has beside what the machine knows, bytes: as if states were large. */
  readonly ballastBytes: number;
  /** The share of snapshots that cannot be taken. */
  readonly missRate: number;
}

/** Where a run begins: at genesis, or in a state that random walks seldom reach. */
export const startKinds = [
  "genesis",
  "divergent",
  "figure-8",
  "late-term",
  "late-replies",
] as const;

/** One of {@link startKinds}. */
export type StartKind = (typeof startKinds)[number];

function pick<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[randomInteger(random, 0, items.length - 1)] ?? items[0];
}

/** The swarm of a seed's random source. */
export function drawSwarm(random: Random): Swarm {
  const size = pick(random, [1, 2, 3, 3, 3, 4, 5, 5, 5, 7]);
  const start: StartKind =
    random.next() < 0.3 ? (sample(random, startKinds.slice(1), 1)[0] ?? "genesis") : "genesis";
  const founded = start === "genesis" && random.next() < 0.15;
  const isOfFive = start === "figure-8" || start === "late-replies";
  const voters = isOfFive ? 5 : start === "genesis" ? size : Math.max(3, size);
  const extra = random.next() < 0.4 ? randomInteger(random, 1, 2) : 0;
  const kinds = Array.from({ length: voters + extra }, (_, at): MemberKind => {
    if (at >= voters && random.next() < 0.4) return "observer";
    if (at === voters - 1 && voters >= 3 && random.next() < 0.15) return "witness";
    return "data";
  });
  const heartbeatMs = pick(random, [50, 100, 200]);
  const electionMinMs = heartbeatMs * pick(random, [4, 6, 10]);
  const limits: RaftLimits = {
    ...raftLimits,
    ...lanTimings,
    heartbeatMs,
    electionMinMs,
    electionMaxMs: electionMinMs * pick(random, [1.25, 1.5, 2]),
    founders: founded ? voters : 64,
    minVoters: pick(random, [1, 2, 2, 3]),
    votersMax: pick(random, [3, 5, 7]),
    demoteAfterMs: electionMinMs * pick(random, [2, 3, 10, 1_000]),
    promoteAfterMs: electionMinMs * pick(random, [0.5, 1, 3]),
    appendEntriesMax: pick(random, [1, 2, 8, 1_024]),
    inflightMessagesMax: pick(random, [1, 2, 8, 64]),
    snapshotEntries: pick(random, [3, 10, 50, 10_000]),
    snapshotTrailing: pick(random, [0, 2, 20]),
    snapshotTimeoutMs: 2_000,
    assistEntries: pick(random, [0, 3, 10, 50]),
    fetchEntriesMax: pick(random, [2, 7, 50]),
    anchorEntriesMax: pick(random, [20, 100, 1_000]),
  };
  const count = randomInteger(random, 0, 9);
  const faults = new Set(sample(random, faultKinds, count));
  const swarm = {
    kinds,
    founders: founded ? 0 : voters,
    limits,
    faults,
    faultEveryMs: pick(random, [200, 500, 1_000, 3_000]),
    clients: randomInteger(random, 1, 4),
    thinkMs: pick(random, [5, 30, 150]),
    keys: randomInteger(random, 1, 3),
    lossRate: pick(random, [0.01, 0.05, 0.2]),
    spiteRate: pick(random, [0.01, 0.05, 0.2]),
    lateRate: pick(random, [0, 0.01, 0.05]),
    delayMs: pick(random, [1, 5, 20]),
    fsyncMs: pick(random, [0.5, 2, 10]),
    chaosMs: 40_000,
    start,
    forgeRate: pick(random, [0, 0, 0.2]),
  };
  const fetchBytesMax = pick(random, [60, 300, limits.fetchBytesMax]);
  const ballastBytes = pick(random, [0, 0, 2_000, 20_000]);
  const missRate = pick(random, [0, 0, 0.2]);
  return { ...swarm, limits: { ...limits, fetchBytesMax }, ballastBytes, missRate };
}
