import { type Clock, type GroupId, seededRandom, silentLog } from "@mosaik/primitives";
import { frameHeaderBytes } from "@mosaik/transport";
import { expect, it } from "vitest";
import { decodeFrame } from "../core/frames.ts";
import type { GroupLog, LogBatch } from "../log-storage.ts";
import { noData } from "../raft/entry.ts";
import type { Input } from "../raft/input.ts";
import { raftLimits } from "../raft/limits.ts";
import { configuration, type InstanceId, memberId } from "../raft/member.ts";
import type { Append, Message } from "../raft/messages.ts";
import { RaftNode } from "../raft/raft-node.ts";
import { memoryStorage } from "../storage/memory/index.ts";
import { type DriverListener, RaftDriver } from "./raft-driver.ts";

const instance = "one" as InstanceId;
const [me, other] = [memberId("a", "1"), memberId("b", "1")];

/** A clock that stands, whose turns of the event loop end when it is told. */
class Turns implements Clock {
  ms = 0;
  #soon: (() => void)[] = [];
  now = (): number => this.ms;
  monotonic = (): number => this.ms;
  after = (): { cancel(): void } => ({ cancel: () => {} });
  soon(run: () => void): void {
    this.#soon.push(run);
  }

  end(): void {
    const due = this.#soon;
    this.#soon = [];
    for (const run of due) run();
  }
}

/** A driver of one of two voters, which was elected; the other answers where the test says so. */
async function createLeader() {
  const clock = new Turns();
  const sent: Message[] = [];
  const nothing = (): void => {};
  const listener: DriverListener = {
    send: (_, frame) => {
      const decoded = decodeFrame(frame.subarray(frameHeaderBytes));
      if (decoded?.kind === "raft") sent.push(decoded.message);
    },
    sendSnapshot: nothing,
    restore: nothing,
    apply: nothing,
    outcome: nothing,
    read: nothing,
    event: nothing,
    performed: nothing,
    broken: (error) => {
      throw error;
    },
    storageFailed: nothing,
  };
  const members = [me, other].map((id) => ({ id, kind: "data" as const, voting: true }));
  const genesis = { index: 1, term: 0, kind: "configuration" as const, data: noData };
  const node = new RaftNode({
    id: me,
    kind: "data",
    limits: raftLimits,
    random: seededRandom(1),
    stored: {
      hard: { instance, attempt: 0, term: 1, vote: undefined, commit: 1 },
      snapshot: undefined,
      entries: [{ ...genesis, configuration: configuration(members) }],
    },
    freshInstance: "another" as InstanceId,
    nowMs: 0,
  });
  const room = await memoryStorage().open({ group: "g" as GroupId, freshIncarnation: "1" });
  const batches: LogBatch[] = [];
  const storage: GroupLog = Object.assign(Object.create(room), {
    append: (batch: LogBatch) => {
      batches.push(batch);
      return room.append(batch);
    },
  });
  const driver = new RaftDriver({ node, storage, clock, log: silentLog, listener });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 4; turn++) await new Promise((next) => setTimeout(next));
  };
  const receive = (message: Message): void =>
    driver.post({ kind: "received", from: other, message });
  const confirm = (index: number): void =>
    receive({
      kind: "append-reply",
      instance,
      term: 2,
      accepted: true,
      index,
      hintIndex: 0,
      hintTerm: 0,
    });
  driver.start();
  driver.post({ kind: "bond", member: other, memberKind: "data", up: true });
  clock.ms = raftLimits.electionMaxMs;
  driver.post({ kind: "tick" });
  for (const pre of [true, false]) {
    await settle();
    receive({ kind: "vote-reply", instance, term: 2, pre, granted: true, ballot: 2 });
  }
  await settle();
  const appends = (): Append[] => sent.splice(0).filter((message) => message.kind === "append");
  return { driver, clock, settle, confirm, appends, batches };
}

const propose = (id: number): Input => ({
  kind: "propose",
  id,
  commands: [Uint8Array.of(id)],
});

it("what is committed is told with the entries that follow in the same turn, not before them", async () => {
  const { driver, clock, settle, confirm, appends } = await createLeader();
  expect(appends().map(({ entries }) => entries.length)).toEqual([1]); // its own first entry
  confirm(2);
  driver.post(propose(1));
  clock.end();
  clock.end();
  await settle();
  const told = appends();
  expect(told.map(({ entries, commit }) => [entries.length, commit])).toEqual([[1, 2]]);
});

it("what is committed is told alone where nothing follows", async () => {
  const { clock, confirm, appends } = await createLeader();
  appends();
  confirm(2);
  expect(appends()).toEqual([]);
  clock.end();
  clock.end();
  const told = appends();
  expect(told.map(({ entries, commit }) => [entries.length, commit])).toEqual([[0, 2]]);
  expect(told.map(({ answered }) => answered)).toEqual([false]);
});

it("what a leader writes does not hold up the process: it has the others to hear meanwhile", async () => {
  const { driver, settle, batches } = await createLeader();
  const before = batches.length;
  driver.post(propose(1));
  await settle();
  const writes = batches.map(({ entries, inBackground }) => [entries.length > 0, inBackground]);
  expect(writes[0]).toEqual([false, false]); // its vote, as a candidate
  expect(writes.slice(before)).toEqual([[true, true]]);
});
