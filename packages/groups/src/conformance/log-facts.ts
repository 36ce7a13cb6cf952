import { seededRandom } from "@mosaik/primitives";
import { expect } from "vitest";
import { configuration, memberId } from "../raft/member.ts";
import { batchOf, entriesOf, groupOf, hardOf } from "./rig.ts";
import type { Fact } from "./suite.ts";
import { ModelRoom, workload } from "./workload.ts";

/** What holds of hard state and entries. */
export function logFacts(fact: Fact): void {
  fact("a new room takes the incarnation it is offered, and holds nothing", async (rig) => {
    const log = await rig.open();
    expect(log.incarnation).toBe("incarnation-1");
    expect(log.stored).toBeUndefined();
    expect(await log.openSnapshot()).toBeUndefined();
  });

  fact("a room keeps its incarnation, unless it forgets everything", async (rig) => {
    const log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 1) }));
    const again = await rig.reopen(log);
    expect(again.incarnation).toBe(rig.storage.durable ? "incarnation-1" : "incarnation-2");
    expect(again.stored === undefined).toBe(!rig.storage.durable);
  });

  fact("what was acknowledged is found", async (rig) => {
    if (!rig.storage.durable) return;
    const log = await rig.open();
    const members = [{ id: memberId("peer", "1"), kind: "witness", voting: true }] as const;
    const genesis = {
      index: 1,
      term: 0,
      kind: "configuration",
      data: new Uint8Array(0),
      configuration: configuration(members),
    } as const;
    const noop = { ...genesis, index: 2, term: 3, kind: "noop", configuration: undefined } as const;
    await log.append(batchOf({ hard: hardOf(2), entries: [genesis, noop] }));
    const unvoted = { ...hardOf(3, 2), vote: undefined };
    await log.append(batchOf({ hard: unvoted, entries: entriesOf(3, 5, 3) }));
    const { stored } = await rig.reopen(log);
    expect(stored?.hard).toEqual(unvoted);
    expect(stored?.entries).toEqual([genesis, noop, ...entriesOf(3, 5, 3)]);
    expect(stored?.snapshot).toBeUndefined();
  });

  fact("batches that are on their way together take effect in order", async (rig) => {
    const log = await rig.open();
    const appends = Array.from({ length: 20 }, (_, at) =>
      log.append(batchOf({ hard: hardOf(at + 1), entries: entriesOf(at + 1, 1) })),
    );
    await Promise.all(appends);
    const { stored } = await rig.reopen(log);
    if (!rig.storage.durable) return;
    expect(stored?.hard.term).toBe(20);
    expect(stored?.entries).toEqual(entriesOf(1, 20));
  });

  fact("what is cut is gone, and what takes its place is found", async (rig) => {
    const log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 10) }));
    await log.append(batchOf({ truncateFrom: 4, entries: entriesOf(4, 2, 2) }));
    await log.append(batchOf({ truncateFrom: 5 }));
    const { stored } = await rig.reopen(log);
    if (!rig.storage.durable) return;
    expect(stored?.entries).toEqual([...entriesOf(1, 3), ...entriesOf(4, 1, 2)]);
  });

  fact("a gap in the log is refused, and nothing else follows from it", async (rig) => {
    const log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 2) }));
    if (!rig.storage.durable) return;
    await expect(log.append(batchOf({ entries: entriesOf(4, 1) }))).rejects.toThrow(RangeError);
    await log.append(batchOf({ entries: entriesOf(3, 1) }));
    const { stored } = await rig.reopen(log);
    expect(stored?.entries).toEqual(entriesOf(1, 3));
  });

  fact("a large batch is found whole", async (rig) => {
    const log = await rig.open();
    const data = new Uint8Array(512 * 1_024).fill(7);
    const entries = entriesOf(1, 8).map((entry) => ({ ...entry, data }));
    await log.append(batchOf({ entries }));
    const { stored } = await rig.reopen(log);
    if (rig.storage.durable) expect(stored?.entries).toEqual(entries);
  });

  fact("groups have rooms of their own", async (rig) => {
    const a = await rig.open("a");
    const b = await rig.open("b");
    await a.append(batchOf({ entries: entriesOf(1, 3) }));
    await b.append(batchOf({ entries: entriesOf(1, 1, 9) }));
    await rig.storage.destroy(groupOf("c"));
    const again = await rig.reopen(a, "a");
    if (!rig.storage.durable) return;
    expect(again.stored?.entries).toEqual(entriesOf(1, 3));
    expect((await rig.reopen(b, "b")).stored?.entries).toEqual(entriesOf(1, 1, 9));
  });

  fact("a long life is found as it was, at whatever point it is opened again", async (rig) => {
    if (!rig.storage.durable) return;
    const room = new ModelRoom();
    let log = await rig.open();
    for (const act of workload(200, seededRandom(7))) {
      expect(await act.perform(log)).toBe(room.apply(act));
      if (!act.isPauseAfter) continue;
      log = await rig.reopen(log);
      await room.expectAllOf(log);
    }
  });
}
