import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { logStorageSuite } from "../../conformance/index.ts";
import { batchOf, entriesOf, groupOf } from "../../conformance/rig.ts";
import type { GroupLog } from "../../log-storage.ts";
import { fileStorage } from "./file-storage.ts";

logStorageSuite({
  name: "files",
  createBed: async () => {
    const directory = await mkdtemp(join(tmpdir(), "mosaik-storage-"));
    return {
      storage: fileStorage(join(directory, "new", "data"), { segmentBytesMax: 4_096 }),
      close: () => rm(directory, { recursive: true }),
    };
  },
});

describe("a room in files", () => {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "mosaik-storage-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const group = groupOf("a");
  const open = (name: string): Promise<GroupLog> =>
    fileStorage(join(directory, name)).open({ group, freshIncarnation: name });

  /** Appends an entry of a term, and closes. */
  async function appendTo(name: string, index: number, term: number): Promise<void> {
    const log = await open(name);
    await log.append(batchOf({ entries: entriesOf(index, 1, term) }));
    await log.close();
  }

  it("with the log of another life of it is corrupt", async () => {
    await appendTo("one", 1, 1);
    await cp(join(directory, "one"), join(directory, "two"), { recursive: true });
    await appendTo("one", 2, 1);
    await appendTo("two", 2, 2);
    await cp(join(directory, "one", group, "mark"), join(directory, "two", group, "mark"));
    await expect(open("two")).rejects.toMatchObject({ failure: "corrupt" });
  });

  it("with an old copy of its log is corrupt", async () => {
    await appendTo("one", 1, 1);
    await cp(join(directory, "one"), join(directory, "old"), { recursive: true });
    await appendTo("one", 2, 1);
    await cp(join(directory, "one", group, "mark"), join(directory, "old", group, "mark"));
    await expect(open("old")).rejects.toMatchObject({ failure: "corrupt" });
  });

  it("that was closed has its mark at the last record, however fast they came", async () => {
    const log = await open("one");
    await cp(join(directory, "one", group), join(directory, "before"), { recursive: true });
    for (const index of [1, 2, 3]) await log.append(batchOf({ entries: entriesOf(index, 1) }));
    await log.close();
    await cp(join(directory, "one", group, "mark"), join(directory, "before", "mark"));
    await cp(join(directory, "before"), join(directory, "one", group), { recursive: true });
    await rm(join(directory, "one", group, "lock"));
    await expect(open("one")).rejects.toMatchObject({ failure: "corrupt" });
  });

  it("that is corrupt can be destroyed, and comes back as a new one", async () => {
    await appendTo("one", 1, 1);
    for (const name of await readdir(join(directory, "one", group))) {
      if (name.startsWith("log-")) await writeFile(join(directory, "one", group, name), "garbage");
    }
    await expect(open("one")).rejects.toMatchObject({ failure: "corrupt" });
    await fileStorage(join(directory, "one")).destroy(group);
    const log = await open("one");
    expect(log.stored).toBeUndefined();
    await log.close();
  });

  it("is taken over from a process that is gone", async () => {
    await appendTo("one", 1, 1);
    const gone = JSON.stringify({ pid: 2 ** 22 + 1, thread: 0, born: "" });
    for (const text of [gone, "", "garbage"]) {
      await writeFile(join(directory, "one", group, "lock"), text);
      const log = await open("one");
      expect(log.stored?.entries).toHaveLength(1);
      await log.close();
    }
    expect(await readdir(join(directory, "one", group))).not.toContain("lock");
  });

  it("is not taken over from a process that lives", async () => {
    await appendTo("one", 1, 1);
    const parent = JSON.stringify({ pid: process.ppid, thread: 0, born: "" });
    await writeFile(join(directory, "one", group, "lock"), parent);
    await expect(open("one")).rejects.toMatchObject({ failure: "locked" });
  });
});
