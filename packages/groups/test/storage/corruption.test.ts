import { seededRandom } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { batchOf, entriesOf, groupOf, hardOf, metaOf, stage } from "../../src/conformance/rig.ts";
import { workload } from "../../src/conformance/workload.ts";
import { MemoryDisk } from "../../src/storage/memory/index.ts";
import { type Expected, isAsExpected, openRoom, run, storageOn } from "./crash-rig.ts";

const corrupt = { code: "GROUP_STORAGE_FAILED", failure: "corrupt" };
const group = groupOf("a");

/** What a room says of itself after something happened to its files. */
async function verdict(
  disk: MemoryDisk,
  expected: Expected,
): Promise<"right" | "corrupt" | "wrong"> {
  try {
    const log = await openRoom(storageOn(disk), "second");
    const isRight = log.incarnation === "first" && (await isAsExpected(log, expected));
    await log.close();
    return isRight ? "right" : "wrong";
  } catch (error) {
    expect(error).toMatchObject(corrupt);
    return "corrupt";
  }
}

describe("a room in which something went bad", () => {
  it("is read right or said to be corrupt, whichever byte was flipped", {
    timeout: 120_000,
  }, async () => {
    const done = await run([...workload(60, seededRandom(11))], () => "done");
    expect(done.failure).toBeUndefined();
    const counts = { right: 0, corrupt: 0, wrong: 0 };
    for (const { name, bytes } of done.disk.files(group)) {
      for (let offset = 0; offset < bytes; offset++) {
        if (name === "mark" && offset % 4_096 > 80) continue; // zeros that nobody reads
        const disk = done.disk.fork();
        disk.flip(group, name, offset, 1 << (offset % 8));
        const found = await verdict(disk, done);
        counts[found]++;
        expect(found, `${name} at ${offset}`).not.toBe("wrong");
      }
    }
    expect(counts.corrupt).toBeGreaterThan(1_000);
    expect(counts.right).toBeGreaterThan(0);
  });

  it("is corrupt with any acknowledged end of its log cut off", { timeout: 60_000 }, async () => {
    const disk = new MemoryDisk();
    const log = await openRoom(storageOn(disk));
    for (let index = 1; index <= 3; index++) {
      await log.append(batchOf({ entries: entriesOf(index, 1) }));
    }
    await log.close();
    const name = disk.files(group).find((file) => file.name.startsWith("log-"))?.name ?? "";
    const size = disk.files(group).find((file) => file.name === name)?.bytes ?? 0;
    for (let bytes = 0; bytes < size; bytes++) {
      const cut = disk.fork();
      cut.truncate(group, name, bytes);
      await expect(openRoom(storageOn(cut)), `${bytes} left`).rejects.toMatchObject(corrupt);
    }
  });

  it("drops a last record that is cut off and was not acknowledged", {
    timeout: 60_000,
  }, async () => {
    let isMarking = true;
    const disk = new MemoryDisk({
      fate: ({ kind, file }) =>
        file === "mark" && kind === "write" && !isMarking ? never : "done",
    });
    const log = await openRoom(storageOn(disk));
    await log.append(batchOf({ entries: entriesOf(1, 2) }));
    const [before] = disk.files(group).filter((file) => file.name.startsWith("log-"));
    await new Promise((resolve) => setImmediate(resolve));
    isMarking = false;
    await log.append(batchOf({ hard: hardOf(2), entries: entriesOf(3, 2) }));
    const [after] = disk.files(group).filter((file) => file.name.startsWith("log-"));
    if (!before || !after) throw new Error("there is no log");
    for (let bytes = before.bytes; bytes < after.bytes; bytes++) {
      const cut = disk.fork();
      cut.crash("dropped");
      cut.truncate(group, before.name, bytes);
      const again = await openRoom(storageOn(cut), "second");
      expect(again.stored?.entries, `${bytes} left`).toEqual(entriesOf(1, 2));
      await again.close();
    }
  });

  it("is corrupt where a file of it is gone", async () => {
    const done = await run([...workload(60, seededRandom(12))], () => "done");
    for (const { name } of done.disk.files(group)) {
      const disk = done.disk.fork();
      disk.remove(group, name);
      expect(await verdict(disk, done), name).not.toBe("wrong");
    }
  });

  it("is corrupt where it is that of another group", async () => {
    const disk = new MemoryDisk();
    const log = await openRoom(storageOn(disk));
    await log.append(batchOf({ entries: entriesOf(1, 2) }));
    await log.close();
    disk.rename(group, groupOf("b"));
    const opening = storageOn(disk).open({ group: groupOf("b"), freshIncarnation: "x" });
    await expect(opening).rejects.toMatchObject(corrupt);
  });

  it("does not serve a chunk of a snapshot that is not as written", async () => {
    const disk = new MemoryDisk();
    const log = await openRoom(storageOn(disk));
    await stage(log, metaOf(4), [new Uint8Array(1_000), new Uint8Array(1_000)]);
    await log.append(batchOf({ snapshot: metaOf(4) }));
    disk.flip(group, "snapshot-1", 500);
    const source = await log.openSnapshot();
    await expect(source?.read(0)).rejects.toMatchObject(corrupt);
    expect((await source?.read(1))?.byteLength).toBe(1_000);
    await log.append(batchOf({ entries: entriesOf(5, 1) }));
  });
});

const never: Promise<never> = new Promise(() => {});
