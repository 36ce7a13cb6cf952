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

/** What is found of two records of two entries each, with the log cut off after each byte. */
async function cutEverywhere(isLastMarked: boolean): Promise<string[]> {
  let moment: MemoryDisk | undefined;
  let isWatched = false;
  const disk: MemoryDisk = new MemoryDisk({
    fate: ({ kind }) => {
      if (isWatched && kind === "sync") moment ??= disk.fork(); // the record is written, the mark not
      return "done";
    },
  });
  const log = await openRoom(storageOn(disk));
  await log.append(batchOf({ entries: entriesOf(1, 2) }));
  await new Promise((resolve) => setImmediate(resolve)); // the mark is written behind the record
  isWatched = true;
  await log.append(batchOf({ hard: hardOf(2), entries: entriesOf(3, 2) }));
  await log.close();
  const after = isLastMarked ? disk : moment;
  if (!after) throw new Error("nothing was synced");
  const [file] = disk.files(group).filter(({ name }) => name.startsWith("log-"));
  const found: string[] = [];
  for (let bytes = 0; bytes < (file?.bytes ?? 0); bytes++) {
    const cut = after.fork();
    cut.crash("kept");
    cut.truncate(group, file?.name ?? "", bytes);
    found.push(
      await openRoom(storageOn(cut), "second").then(
        ({ stored }) => `${stored?.entries.length} entries`,
        ({ failure }) => failure,
      ),
    );
  }
  return found;
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

  it("is corrupt with any acknowledged end of its log cut off", async () => {
    const found = await cutEverywhere(true);
    expect(new Set(found)).toEqual(new Set(["corrupt", "4 entries"]));
    expect(found.filter((each) => each === "corrupt").length).toBeGreaterThan(600);
  });

  it("drops a last record that is cut off, and no other", async () => {
    const found = await cutEverywhere(false);
    const changes = found.filter((each, at) => each !== found[at - 1]);
    expect(changes).toEqual(["corrupt", "2 entries", "4 entries"]);
    expect(found.filter((each) => each === "2 entries").length).toBeGreaterThan(200);
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
