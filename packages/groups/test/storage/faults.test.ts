import { describe, expect, it } from "vitest";
import { batchOf, entriesOf, groupOf, hardOf, metaOf } from "../../src/conformance/rig.ts";
import { type DiskCall, type DiskFate, MemoryDisk } from "../../src/storage/memory/index.ts";
import { openRoom, storageOn } from "./crash-rig.ts";

type Fate = (call: DiskCall) => DiskFate | Promise<DiskFate>;

/** A room on a disk whose behaviour can be changed. */
async function roomOnWilfulDisk() {
  let fate: Fate = () => "done";
  const disk = new MemoryDisk({ fate: (call) => fate(call) });
  const log = await openRoom(storageOn(disk));
  await log.append(batchOf({ entries: entriesOf(1, 2) }));
  const become = (next: Fate): void => {
    fate = next;
  };
  return { disk, log, become };
}

describe("a disk that fails", () => {
  it.each(["write", "sync"] as const)(
    "at a %s is final for whoever has the room open",
    async (kind) => {
      const { disk, log, become } = await roomOnWilfulDisk();
      become((call) => (call.kind === kind && call.file !== "mark" ? "failed" : "done"));
      const failed = { code: "GROUP_STORAGE_FAILED", failure: "io" };
      const appends = [3, 4].map((index) => log.append(batchOf({ entries: entriesOf(index, 1) })));
      for (const append of appends) await expect(append).rejects.toMatchObject(failed);
      become(() => "done");
      await expect(log.append(batchOf({}))).rejects.toMatchObject(failed);
      await expect(log.saveSnapshot(metaOf(1))).rejects.toMatchObject(failed);
      await expect(log.openSnapshot()).rejects.toMatchObject(failed);
      expect(() => log.stageSnapshot(metaOf(1))).toThrow(expect.objectContaining(failed));
      await log.close();
      const again = await openRoom(storageOn(disk));
      expect(again.stored?.entries.slice(0, 2)).toEqual(entriesOf(1, 2));
      expect(again.stored?.entries.length).toBeLessThanOrEqual(3);
    },
  );

  it("for lack of room says that it is full", async () => {
    const { log, become } = await roomOnWilfulDisk();
    become(({ kind }) => (kind === "write" ? "full" : "done"));
    await expect(log.append(batchOf({}))).rejects.toMatchObject({ failure: "full" });
  });

  it("while a snapshot is staged is final too", async () => {
    const { log, become } = await roomOnWilfulDisk();
    become(({ file }) => (file?.startsWith("snapshot") ? "full" : "done"));
    const stage = log.stageSnapshot(metaOf(1));
    await expect(stage.write(new Uint8Array(8))).rejects.toMatchObject({ failure: "full" });
    await expect(log.append(batchOf({}))).rejects.toMatchObject({ failure: "full" });
  });

  it("at opening leaves the room to the next one", async () => {
    const { disk, log, become } = await roomOnWilfulDisk();
    await log.close();
    for (let nth = 1; nth <= 14; nth++) {
      const number = disk.calls + nth;
      become((call) => (call.number === number ? "failed" : "done"));
      const opening = openRoom(storageOn(disk)).then((open) => open.close());
      await opening.catch((error: unknown) => expect(error).toMatchObject({ failure: "io" }));
    }
    become(() => "done");
    const again = await openRoom(storageOn(disk));
    expect(again.stored?.entries).toEqual(entriesOf(1, 2));
  });
});

describe("a disk that lies", () => {
  it("about a sync loses what it said was safe, and the mark tells", async () => {
    const { disk, log, become } = await roomOnWilfulDisk();
    become(({ kind, file }) => (kind === "sync" && file !== "mark" ? "lost" : "done"));
    await log.append(batchOf({ hard: hardOf(2), entries: entriesOf(3, 1) }));
    await log.close();
    const mark = disk.fork();
    disk.crash("dropped");
    const again = await openRoom(storageOn(disk));
    expect(again.stored?.entries).toEqual(entriesOf(1, 2)); // the mark was lost with it
    mark.crash("kept");
    const [log1] = mark.files(groupOf("a")).filter(({ name }) => name.startsWith("log-"));
    mark.truncate(groupOf("a"), log1?.name ?? "", 500); // in the last record
    await expect(openRoom(storageOn(mark))).rejects.toMatchObject({ failure: "corrupt" });
  });
});

describe("a disk that is slow", () => {
  it("acknowledges nothing before it has synced, and keeps the order", async () => {
    const { log, become } = await roomOnWilfulDisk();
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    become(async ({ kind }) => {
      if (kind === "sync") await gate;
      return "done" as const;
    });
    const done: number[] = [];
    const appends = [3, 4, 5].map(async (index) => {
      await log.append(batchOf({ entries: entriesOf(index, 1) }));
      done.push(index);
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).toEqual([]);
    release();
    await Promise.all(appends);
    expect(done).toEqual([3, 4, 5]);
  });

  it("does not keep marks from being written, only the latest of them", async () => {
    const { disk, log, become } = await roomOnWilfulDisk();
    const before = disk.calls;
    let marks = 0;
    become(async ({ kind, file }) => {
      if (file !== "mark" || kind !== "write") return "done" as const;
      marks++;
      await new Promise((resolve) => setImmediate(resolve));
      return "done" as const;
    });
    for (let index = 3; index < 30; index++)
      await log.append(batchOf({ entries: entriesOf(index, 1) }));
    await log.close();
    expect(disk.calls - before).toBeGreaterThan(54);
    expect(marks).toBeGreaterThan(0);
    expect(marks).toBeLessThan(27);
  });
});
