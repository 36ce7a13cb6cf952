import type { Persist } from "../../src/raft/effects.ts";
import type { Entry } from "../../src/raft/entry.ts";
import type { Configuration, MemberId } from "../../src/raft/member.ts";
import { haveSameVoters, votersChanged } from "../../src/raft/membership.ts";
import type { Message } from "../../src/raft/messages.ts";
import type { RaftStatus } from "../../src/raft/status.ts";
import type { Disk } from "../simulation/disk.ts";
import { Violation } from "../simulation/violation.ts";
import type { Decided } from "./facts.ts";

/*
 * Rules of single steps: those that lead to harm later, where they are broken.
 */

/** What is said is durable. */
export function judgePromise(disk: Disk<unknown>, to: MemberId, message: Message): void {
  const { hard, snapshot, lastIndex } = disk;
  if (message.kind === "vote-reply" && message.granted && !message.pre) {
    const holds =
      hard && (hard.term > message.term || (hard.term === message.term && hard.vote === to));
    if (!holds) throw new Violation("votes before its vote is durable");
  }
  if (message.kind === "vote-request" && !message.pre && (hard?.term ?? 0) < message.term) {
    throw new Violation("stands before its own vote is durable");
  }
  if (message.kind !== "append-reply" || !message.accepted) return;
  if (Math.max(lastIndex, snapshot?.meta.index ?? 0) < message.index) {
    throw new Violation("confirms before it is durable");
  }
}

/**
 * Consecutive configurations differ by one voter, and the one before is committed; but a leader may go
 * back to the voters before one that it does not know to be.
 */
export function judgeConfigurations(
  status: RaftStatus,
  disk: Disk<unknown>,
  decided: readonly Decided[],
  batch: Persist,
): void {
  const { role, commit, term } = status;
  for (const { index, configuration, term: entryTerm } of batch.entries) {
    if (!configuration || role !== "leader" || entryTerm !== term) continue;
    const before = configurationBefore(index, disk, batch.entries);
    if (votersChanged(before.configuration, configuration) > 1) {
      throw new Violation(`quorum overlap: configuration ${index} changes more than one voter`);
    }
    const first = configurationBefore(before.index, disk, batch.entries);
    const goesBack = first.index > 0 && haveSameVoters(first.configuration, configuration);
    if (goesBack && before.index > commit) continue;
    if (!decided.some(([, , inTerm]) => inTerm === term)) {
      throw new Violation(`quorum overlap: configuration ${index} before a decision of its term`);
    }
    if (before.index > commit) {
      throw new Violation(
        `quorum overlap: configuration ${index} follows one that is not committed`,
      );
    }
  }
}

/**
 * Whose voters decided a position: those of the configuration there, or, where that is taken back by what
 * was decided together with it, those of the one before.
 */
export function decidedBy(index: number, disk: Disk<unknown>, commit: number): Found {
  const inForce = configurationBefore(index + 1, disk, []);
  const before = configurationBefore(inForce.index, disk, []);
  const next = disk.entries.find((entry) => entry.configuration && entry.index > inForce.index);
  if (!next?.configuration || next.index > commit || before.index === 0) return inForce;
  return haveSameVoters(before.configuration, next.configuration) ? before : inForce;
}

interface Found {
  readonly index: number;
  readonly configuration: Configuration;
}

/** The last configuration before a position, on a disk or in what is added to it. */
export function configurationBefore(
  index: number,
  { snapshot, entries }: Disk<unknown>,
  added: readonly Entry[],
): Found {
  const meta = snapshot?.meta;
  let found = {
    index: meta?.configurationIndex ?? 0,
    configuration: meta?.configuration ?? { members: [] },
  };
  for (const entry of [...entries, ...added]) {
    const { configuration } = entry;
    if (configuration && entry.index < index) found = { index: entry.index, configuration };
  }
  return found;
}
