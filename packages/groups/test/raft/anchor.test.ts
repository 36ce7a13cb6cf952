import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/raft/entry.ts";
import type { RaftLimits } from "../../src/raft/limits.ts";
import type { MemberId } from "../../src/raft/member.ts";
import type { Anchor, Message } from "../../src/raft/messages.ts";
import { stretchBytes } from "../../src/raft/stretch-digest.ts";
import { instance, leader, limits, logOf, me, one, Rig, three, two } from "./rig.ts";

/** What a leader whose log all others have tells one that has it only up to a position. */
function leaderOf(
  behind: MemberId,
  entries: readonly Entry[],
  from: number,
  others: Partial<RaftLimits> = {},
): Rig {
  const rig = new Rig(leader, entries, others);
  rig.pass(limits.electionMaxMs);
  for (const pre of [true, false]) {
    rig.sent();
    for (const voter of [one, two]) {
      const term = pre ? 1 : 2;
      rig.receive(voter, { kind: "vote-reply", instance, term, pre, granted: true, ballot: 2 });
    }
  }
  const has = {
    kind: "append-reply",
    instance,
    term: 2,
    accepted: true,
    hintIndex: 0,
    hintTerm: 0,
  } as const;
  rig.sent();
  for (const other of [one, two, three])
    rig.receive(other, { ...has, index: rig.node.status().lastIndex });
  rig.sent(); // tells them that it is committed: only then they may serve it
  rig.receive(behind, { ...has, index: from });
  return rig;
}

/** What a leader sends in one step after the other, as long as there is one that is due at once. */
function* steps(rig: Rig): Generator<Message[]> {
  do {
    yield rig.sent().map(({ message }) => message);
    rig.pass(0);
  } while (rig.node.nextDeadlineMs <= rig.now);
}

function anchorFor(behind: MemberId, entries: readonly Entry[], from = 1): Anchor | undefined {
  const sent = [...steps(leaderOf(behind, entries, from))].flat();
  return sent.flatMap((message) => (message.kind === "anchor" ? [message] : []))[0];
}

describe("the anchor of a leader", () => {
  it.each([10, 1_000, 10_000])("has stretches for several, with entries of %s bytes", (bytes) => {
    const log = logOf(Math.ceil(6_000_000 / (bytes + 1_000)), bytes);
    const anchor = anchorFor(me, log);
    expect(anchor?.providers).toEqual([one, three, two]);
    expect(anchor?.points.length).toBeGreaterThanOrEqual(3);
    const lasts = anchor?.points.map(({ index }) => index) ?? [];
    for (const [at, point] of anchor?.points.entries() ?? []) {
      const entries = log.slice(lasts[at - 1] ?? 1, point.index);
      const noop = point.index > log.length ? 32 : 0;
      expect(point.bytes).toBe(stretchBytes(entries) + noop);
      expect(point.bytes).toBeLessThanOrEqual(limits.fetchBytesMax);
      expect(entries.length).toBeLessThanOrEqual(limits.fetchEntriesMax);
    }
  });

  it("is hashed one stretch a step, and then sent", () => {
    const rig = leaderOf(me, logOf(4_000, 200), 1);
    const kinds = [...steps(rig)].map((sent) => sent.map(({ kind }) => kind));
    const points = anchorFor(me, logOf(4_000, 200))?.points.length ?? 0;
    expect(points).toBeGreaterThan(4);
    expect(kinds).toEqual([...Array(points - 1).fill([]), ["anchor"]]);
  });

  it("is sent in so many steps as it has stretches, however many those are", () => {
    const rig = leaderOf(me, logOf(2 * limits.anchorEntriesMax, 10), 1, { fetchEntriesMax: 16 });
    const sent = [...steps(rig)];
    const anchor = sent.at(-1)?.[0];
    expect(anchor?.kind === "anchor" && anchor.points.length).toBe(sent.length);
    expect(sent.length).toBeGreaterThan(1_000);
  });

  it("has a stretch of its own for an entry larger than stretches are", () => {
    const anchor = anchorFor(me, logOf(8, limits.commandBytesMax));
    expect(anchor?.points.map(({ index }) => index)).toEqual([2]);
  });

  it("has stretches that end alike for members that are not equally behind", () => {
    const whole = logOf(900, 500);
    const ends = (from: number): Set<number> => {
      const anchor = anchorFor(me, whole, from);
      return new Set(anchor?.points.map(({ index }) => index).slice(0, -1));
    };
    const [all, some] = [ends(1), ends(300)];
    expect(some.size).toBeGreaterThan(1);
    for (const end of some) expect(all.has(end) || end > Math.max(...all)).toBe(true);
  });
});
