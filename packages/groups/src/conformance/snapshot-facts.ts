import { concatBytes, encodeUtf8 } from "@mosaik/primitives";
import { expect } from "vitest";
import { type GroupLog, snapshotChunkBytesMax, snapshotStagesMax } from "../log-storage.ts";
import { batchOf, bytesOf, entriesOf, metaOf, stage } from "./rig.ts";
import type { Fact } from "./suite.ts";

const [one, two] = [encodeUtf8("one"), encodeUtf8("two")];

async function read(log: GroupLog): Promise<Uint8Array | undefined> {
  const source = await log.openSnapshot();
  return source && bytesOf(source);
}

/** What holds of snapshots. */
export function snapshotFacts(fact: Fact): void {
  fact("a snapshot in force is read in the chunks it was written in", async (rig) => {
    const log = await rig.open();
    const large = new Uint8Array(snapshotChunkBytesMax).map((_, at) => at);
    await log.append(batchOf({ entries: entriesOf(1, 5) }));
    await stage(log, metaOf(3), [one, large, new Uint8Array(0), two]);
    expect(await log.saveSnapshot(metaOf(3))).toBe(true);
    const source = await log.openSnapshot();
    expect(source).toMatchObject({ meta: metaOf(3), chunks: 4, bytes: 6 + large.byteLength });
    expect(await source?.read(1)).toEqual(large);
    expect(await source?.read(3)).toEqual(two);
    expect((await source?.read(2))?.byteLength).toBe(0);
    await expect(source?.read(4)).rejects.toThrow(RangeError);
  });

  fact("a saved snapshot keeps what follows it in the log", async (rig) => {
    const log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 5) }));
    await stage(log, metaOf(3), [one]);
    await log.saveSnapshot(metaOf(3));
    await log.append(batchOf({ entries: entriesOf(6, 1), compactTo: 2 }));
    const again = await rig.reopen(log);
    if (!rig.storage.durable) return;
    expect(again.stored?.snapshot).toEqual(metaOf(3));
    expect(again.stored?.entries).toEqual(entriesOf(4, 3));
    expect(await read(again)).toEqual(one);
  });

  fact("a snapshot that is ahead of the log, or of another branch, replaces it", async (rig) => {
    if (!rig.storage.durable) return;
    let log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 5) }));
    await stage(log, metaOf(8), [one]);
    await log.saveSnapshot(metaOf(8));
    log = await rig.reopen(log);
    expect(log.stored?.entries).toEqual([]);
    await log.append(batchOf({ entries: entriesOf(9, 4) }));
    await stage(log, metaOf(10, 2), [two]);
    await log.saveSnapshot(metaOf(10, 2));
    log = await rig.reopen(log);
    expect(log.stored).toMatchObject({ snapshot: metaOf(10, 2), entries: [] });
    await log.append(batchOf({ entries: entriesOf(11, 1, 2) }));
    expect((await rig.reopen(log)).stored?.entries).toEqual(entriesOf(11, 1, 2));
  });

  fact("a snapshot in a batch drops the log before the batch's entries", async (rig) => {
    const log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 5) }));
    await stage(log, metaOf(20, 4), [one, two]);
    await log.append(batchOf({ snapshot: metaOf(20, 4), entries: entriesOf(21, 2, 4) }));
    expect(await read(log)).toEqual(concatBytes(one, two));
    const again = await rig.reopen(log);
    if (!rig.storage.durable) return;
    expect(again.stored).toMatchObject({ snapshot: metaOf(20, 4), entries: entriesOf(21, 2, 4) });
    expect(await read(again)).toEqual(concatBytes(one, two));
  });

  fact("what is staged does not count, and a restart forgets it", async (rig) => {
    const log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 5) }));
    await stage(log, metaOf(3), [one]);
    await log.stageSnapshot(metaOf(4)).write(two);
    expect(await log.openSnapshot()).toBeUndefined();
    await expect(log.saveSnapshot(metaOf(4))).rejects.toThrow(RangeError);
    const again = await rig.reopen(log);
    expect(await again.openSnapshot()).toBeUndefined();
    await expect(again.saveSnapshot(metaOf(3))).rejects.toThrow(RangeError);
    const batch = batchOf({ snapshot: metaOf(3) });
    await expect(again.append(batch)).rejects.toThrow(RangeError);
  });

  fact("a snapshot that is not newer does not come in force", async (rig) => {
    const log = await rig.open();
    await log.append(batchOf({ entries: entriesOf(1, 9) }));
    await stage(log, metaOf(6), [one]);
    await log.saveSnapshot(metaOf(6));
    for (const index of [5, 6]) {
      await stage(log, metaOf(index), [two]);
      expect(await log.saveSnapshot(metaOf(index))).toBe(false);
    }
    expect(await read(log)).toEqual(one);
  });

  fact("of two stages of the same snapshot the later counts", async (rig) => {
    const log = await rig.open();
    await stage(log, metaOf(2), [one]);
    await stage(log, metaOf(2), [two]);
    await log.append(batchOf({ snapshot: metaOf(2) }));
    expect(await read(log)).toEqual(two);
  });

  fact("a snapshot can be read to its end after another has come in force", async (rig) => {
    const log = await rig.open();
    for (const [index, chunks] of [
      [2, [one, two]],
      [5, [two]],
      [9, [one]],
    ] as const) {
      await stage(log, metaOf(index), chunks);
      await log.append(batchOf({ snapshot: metaOf(index) }));
      const source = await log.openSnapshot();
      await stage(log, metaOf(index + 1), [two, one]);
      await log.saveSnapshot(metaOf(index + 1));
      expect(await source?.read(0)).toEqual(chunks[0]);
      expect((await log.openSnapshot())?.meta.index).toBe(index + 1);
      await source?.close();
      await source?.close();
    }
    expect(await read(log)).toEqual(concatBytes(two, one));
  });

  fact("stages are bounded in number, chunks in size", async (rig) => {
    const log = await rig.open();
    const stages = Array.from({ length: snapshotStagesMax }, (_, at) =>
      log.stageSnapshot(metaOf(at + 1)),
    );
    expect(() => log.stageSnapshot(metaOf(9))).toThrow(RangeError);
    await stages[0]?.discard();
    await stages[0]?.discard();
    const stage = log.stageSnapshot(metaOf(9));
    const tooLarge = new Uint8Array(snapshotChunkBytesMax + 1);
    await expect(stage.write(tooLarge)).rejects.toThrow(RangeError);
    await expect(stages[0]?.write(one)).rejects.toThrow(RangeError);
    await stage.finish();
    await expect(stage.write(one)).rejects.toThrow(RangeError);
  });
}
