import type { Random } from "@mosaik/primitives";
import { randomInteger } from "@mosaik/primitives";
import { type Entry, noData } from "../../src/raft/entry.ts";
import {
  configuration,
  type InstanceId,
  type MemberId,
  type MemberKind,
} from "../../src/raft/member.ts";
import type { AppendReply } from "../../src/raft/messages.ts";
import type { Disk } from "./disk.ts";
import { encodeRequest } from "./machine.ts";
import type { StartKind } from "./swarm.ts";

/** The instance of prepared groups. */
export const preparedInstance = "prepared";

const preparedClient = 9_999;

/** The first entry of a prepared group. */
export function genesisEntry(founders: readonly { id: MemberId; kind: MemberKind }[]): Entry {
  const members = founders.map(({ id, kind }) => ({ id, kind, voting: true }));
  return {
    index: 1,
    term: 0,
    kind: "configuration",
    data: noData,
    configuration: configuration(members),
  };
}

/** Writes a prepared log onto a disk: the terms of its entries after genesis. */
export function prepareLog(
  disk: Disk<unknown>,
  genesis: Entry,
  terms: readonly number[],
  term: number,
): void {
  disk.hard = { instance: preparedInstance, attempt: 1, term, vote: undefined, commit: 1 };
  disk.entries = [genesis];
  for (const entryTerm of terms) {
    const index = disk.lastIndex + 1;
    const isFirst = disk.entries.at(-1)?.term !== entryTerm;
    const sequence = entryTerm * 1_000 + index;
    const request = { client: preparedClient, sequence, key: 200, expected: 0, value: sequence };
    const data = isFirst ? noData : encodeRequest({ ...request, kind: "write" });
    const kind = isFirst ? "noop" : "command";
    disk.entries.push({ index, term: entryTerm, kind, data, configuration: undefined });
  }
}

/**
 * Writes start states onto disks. All of them can come about in a real group: each leader's log is
 * that of some member before it, and each vote could be had.
 */
export function prepareDisks(
  start: StartKind,
  disks: readonly Disk[],
  genesis: Entry,
  random: Random,
): void {
  if (start === "genesis") {
    for (const disk of disks) prepareLog(disk, genesis, [], 1);
  } else if (start === "figure-8") {
    const logs = [[1, 2], [1, 2], [1], [1], [1, 3]];
    for (const [at, disk] of disks.entries()) prepareLog(disk, genesis, logs[at] ?? [1], 3);
  } else if (start === "late-term") {
    for (const [at, disk] of disks.entries()) prepareLog(disk, genesis, [1, 1], at === 0 ? 9 : 1);
  } else if (start === "late-replies") {
    for (const disk of disks) prepareLog(disk, genesis, [1, 3], 3);
  } else prepareDivergent(disks, genesis, random);
}

/** Terms led one after the other by members that a majority would elect, each cut off at some point. */
function prepareDivergent(disks: readonly Disk[], genesis: Entry, random: Random): void {
  const logs: number[][] = disks.map(() => []);
  const majority = (disks.length >> 1) + 1;
  const rounds = randomInteger(random, 2, 5);
  for (let term = 1; term <= rounds; term++) {
    const leader = randomInteger(random, 0, disks.length - 1);
    const log = logs[leader] ?? [];
    const behind = logs.filter((other) => isBehind(other, log)).length;
    if (behind < majority) continue;
    for (let count = randomInteger(random, 1, 3); count > 0; count--) log.push(term);
    for (const [at] of disks.entries()) {
      if (at === leader || random.next() < 0.7) continue;
      logs[at] = log.slice(0, log.length - (random.next() < 0.5 ? 1 : 0));
    }
  }
  for (const [at, disk] of disks.entries()) prepareLog(disk, genesis, logs[at] ?? [], rounds);
}

function isBehind(log: readonly number[], other: readonly number[]): boolean {
  const [a, b] = [log.at(-1) ?? 0, other.at(-1) ?? 0];
  return a < b || (a === b && log.length <= other.length);
}

/**
 * Confirmations still on their way to a leader of term 2 from the one member that had followed it: both
 * have since cut off what they confirm, as what the others had committed in term 3 differs.
 */
export function lateReplies(
  random: Random,
): readonly (AppendReply & { readonly afterMs: number })[] {
  return Array.from({ length: 6 }, (_, at) => ({
    kind: "append-reply",
    instance: preparedInstance as InstanceId, // the one that prepared disks hold
    term: 2,
    accepted: true,
    index: 4 + at,
    hintIndex: 0,
    hintTerm: 0,
    afterMs: random.next() * 4_000,
  }));
}
