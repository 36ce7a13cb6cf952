import { indexedDbStorage } from "@mosaik/groups/browser";
import { openDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cdp, commands } from "vitest/browser";
import { batchOf, bytesOf, entriesOf, groupOf, metaOf, stage } from "../../src/conformance/rig.ts";
import type { GroupLog } from "../../src/log-storage.ts";

const group = groupOf("a");
const storage = indexedDbStorage();
const database = `mosaik/group/${group}`;
const inTab = "/packages/groups/test/browser/tab.ts";

let openings = 0;
const open = (): Promise<GroupLog> =>
  storage.open({ group, freshIncarnation: `incarnation-${++openings}` });

/** What DevTools can do to the browser. */
function devTools(method: string, parameters: object): Promise<unknown> {
  // the types of the session's methods are not among those of vitest
  const session = cdp() as unknown as { send(name: string, options: object): Promise<unknown> };
  return session.send(method, { origin: location.origin, ...parameters });
}

/** Runs with IndexedDB in a bucket that holds so many bytes, which few browsers have. */
async function inBucket(quota: number, act: () => Promise<void>): Promise<void> {
  // not among the types of the platform yet
  const { storageBuckets } = navigator as unknown as { storageBuckets: StorageBuckets };
  const bucket = await storageBuckets.open("small", { quota });
  const own = Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
  if (own === undefined) throw new Error("there is no IndexedDB");
  Object.defineProperty(globalThis, "indexedDB", { ...own, get: () => bucket.indexedDB });
  try {
    await act();
  } finally {
    Object.defineProperty(globalThis, "indexedDB", own);
    await storageBuckets.delete("small");
  }
}

interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<{ readonly indexedDB: IDBFactory }>;
  delete(name: string): Promise<void>;
}

/** Fills a room: four records, the third with a snapshot, none needless. */
async function fill(): Promise<void> {
  const log = await open();
  await log.append(batchOf({ entries: entriesOf(1, 3) }));
  await stage(log, metaOf(1), [new Uint8Array(1_000).fill(7)]);
  await log.saveSnapshot(metaOf(1));
  await log.append(batchOf({ entries: entriesOf(4, 2) }));
  await log.close();
}

beforeEach(() => storage.destroy(group));

describe("what a room in IndexedDB acknowledges", () => {
  const transactions: IDBTransaction[] = [];
  const { transaction } = IDBDatabase.prototype;
  beforeEach(() => {
    transactions.length = 0;
    IDBDatabase.prototype.transaction = function (...args) {
      const made = transaction.apply(this, args);
      transactions.push(made);
      return made;
    };
  });
  afterEach(() => {
    IDBDatabase.prototype.transaction = transaction;
  });

  it("is committed in a transaction of strict durability, one a batch", async () => {
    const log = await open();
    transactions.length = 0;
    await log.append(batchOf({ entries: entriesOf(1, 100) }));
    await stage(log, metaOf(50), [new Uint8Array(10)]);
    await log.saveSnapshot(metaOf(50));
    await log.close();
    const changes = transactions.filter(({ mode }) => mode === "readwrite");
    const of = (store: string): IDBTransaction[] =>
      changes.filter(({ objectStoreNames }) => objectStoreNames.contains(store));
    expect(of("records").filter(({ durability }) => durability !== "strict")).toEqual([]);
    expect(of("chunks").filter(({ durability }) => durability !== "strict")).toEqual([]);
    expect(of("records")).toHaveLength(3); // two batches; the needless records are dropped
    expect(of("chunks").length).toBeGreaterThan(0);
  });
});

describe("a second tab", () => {
  it("is refused while the first has the room, and has it as soon as that is gone", async () => {
    const tab = await commands.openTab();
    const call = (name: string, input: unknown) => commands.callInTab(tab, inTab, name, input);
    const log = await open();
    expect(await call("open", "mosaik")).toBe("locked");
    await log.close();
    expect(await call("open", "mosaik")).toBe("opened");
    await expect(open()).rejects.toMatchObject({ failure: "locked" });
    await expect(storage.destroy(group)).rejects.toMatchObject({ failure: "locked" });
    await commands.reloadTab(tab);
    expect(await call("open", "mosaik")).toBe("opened");
    await commands.closeTab(tab);
    await (await open()).close();
  });

  it("that is closed in the middle of writing loses nothing it had acknowledged", async () => {
    const tab = await commands.openTab();
    const call = (name: string, input: unknown) => commands.callInTab(tab, inTab, name, input);
    await call("open", "mosaik");
    await call("keepAppending", undefined);
    const acknowledged = Number(await call("appended", 30));
    await commands.closeTab(tab);
    const log = await open();
    const found = log.stored?.entries.length ?? 0;
    expect(found).toBeGreaterThanOrEqual(acknowledged);
    expect(log.stored?.entries).toEqual(entriesOf(1, found));
    await log.close();
  });
});

type Contents = readonly (readonly [store: string, key: IDBValidKey, value: unknown])[];

/** All that is stored of the room. */
async function read(): Promise<Contents> {
  const raw = await openDB(database);
  const items: [string, IDBValidKey, unknown][] = [];
  const transaction = raw.transaction(raw.objectStoreNames);
  for (const store of raw.objectStoreNames) {
    for await (const { key, value } of transaction.objectStore(store)) {
      items.push([store, key, value]);
    }
  }
  await transaction.done;
  raw.close();
  return items;
}

/** Stores just this, behind the storage's back. */
async function write(contents: Contents): Promise<void> {
  const raw = await openDB(database);
  for (const store of raw.objectStoreNames) await raw.clear(store);
  for (const [store, key, value] of contents) {
    await (store === "records" ? raw.put(store, value) : raw.put(store, value, key));
  }
  raw.close();
}

/** The contents with one item changed, or without it. */
function changed(contents: Contents, at: number, value?: unknown): Contents {
  return contents.flatMap((item, index) => {
    if (index !== at) return [item];
    return value === undefined ? [] : [[item[0], item[1], value] as const];
  });
}

/** What is stored with a bit flipped. */
function flipped(value: unknown, offset: number): unknown {
  if (value instanceof Uint8Array) {
    const copy = value.slice();
    copy[offset] = (copy[offset] ?? 0) ^ (1 << (offset % 8));
    return copy;
  }
  const { sequence, bytes } = value as { sequence: number; bytes: Uint8Array };
  return { sequence, bytes: flipped(bytes, offset) };
}

function sizeOf(value: unknown): number {
  return value instanceof Uint8Array ? value.length : (value as { bytes: Uint8Array }).bytes.length;
}

/** What the room says of itself, its snapshot read to the end. */
async function verdict(): Promise<string> {
  let log: GroupLog | undefined;
  try {
    log = await open();
    const snapshot = await log.openSnapshot();
    if (snapshot) await bytesOf(snapshot);
    return `${log.stored?.entries.length} entries`;
  } catch (cause) {
    return (cause as { failure?: string }).failure ?? String(cause);
  } finally {
    await log?.close();
  }
}

describe("a room in which something went bad", () => {
  it("is corrupt, whatever was changed", async () => {
    await fill();
    const sound = await read();
    expect(sound.map(([store]) => store).sort()).toEqual([
      "chunks",
      "marks",
      ...["records", "records", "records", "records"],
    ]);
    for (const [at, [store, , value]] of sound.entries()) {
      for (let offset = 0; offset < sizeOf(value); offset += 29) {
        await write(changed(sound, at, flipped(value, offset)));
        expect(await verdict(), `${store} ${at} at ${offset}`).toBe("corrupt");
      }
    }
    await write(sound);
    expect(await verdict()).toBe("4 entries");
  });

  it("is corrupt, whatever is gone, or is no longer bytes", async () => {
    await fill();
    const sound = await read();
    for (const [at, [store, key]] of sound.entries()) {
      await write(changed(sound, at));
      expect(await verdict(), `${store} ${at}`).toBe("corrupt");
      const garbage = store === "records" ? { sequence: key, bytes: "garbage" } : { no: "bytes" };
      await write(changed(sound, at, garbage));
      expect(await verdict(), `${store} ${at}`).toBe("corrupt");
    }
  });

  it("is corrupt where an older copy of it takes its place", async () => {
    await fill();
    const old = (await read()).filter(([store]) => store === "records");
    await storage.destroy(group);
    await fill();
    const records = new Map(old.map(([, key, value]) => [key, value]));
    const mixed = (await read()).map(([store, key, value]) => {
      return [store, key, (store === "records" && records.get(key)) || value] as const;
    });
    await write(mixed);
    expect(await verdict()).toBe("corrupt");
  });

  it("can be destroyed, and comes back as a new one", async () => {
    await fill();
    await write(changed(await read(), 3));
    expect(await verdict()).toBe("corrupt");
    await storage.destroy(group);
    const log = await open();
    expect(log.incarnation).toBe(`incarnation-${openings}`);
    expect(log.stored).toBeUndefined();
    await log.close();
  });
});

describe("a room", () => {
  it("that is full says so to the end, and holds what it had acknowledged", async () => {
    const data = crypto.getRandomValues(new Uint8Array(60_000));
    await inBucket(2 * 1_024 * 1_024, async () => {
      const log = await open();
      let acknowledged = 0;
      const appending = async (): Promise<void> => {
        for (; acknowledged < 1_000; acknowledged++) {
          const [entry] = entriesOf(acknowledged + 1, 1);
          if (entry) await log.append(batchOf({ entries: [{ ...entry, data }] }));
        }
      };
      await expect(appending()).rejects.toMatchObject({ failure: "full" });
      expect(acknowledged).toBeGreaterThan(0);
      await expect(log.append(batchOf({}))).rejects.toMatchObject({ failure: "full" });
      await log.close();
      expect((await read()).filter(([store]) => store === "records")).toHaveLength(
        acknowledged + 1,
      );
    });
  });

  it("whose data the browser removed fails, and comes back as a new one", async () => {
    const log = await open();
    await log.append(batchOf({ entries: entriesOf(1, 1) }));
    await devTools("Storage.clearDataForOrigin", { storageTypes: "indexeddb" });
    await expect(log.append(batchOf({ entries: entriesOf(2, 1) }))).rejects.toMatchObject({
      failure: "io",
    });
    await log.close();
    const again = await open();
    expect(again.incarnation).toBe(`incarnation-${openings}`);
    expect(again.stored).toBeUndefined();
    await again.close();
  });

  it("asks the browser to keep it where it is told to, and tells what came of that", async () => {
    const { persist } = navigator.storage;
    let asked = 0;
    navigator.storage.persist = async () => ++asked > 0;
    try {
      await (await open()).close();
      expect(asked).toBe(0);
      const keeping = indexedDbStorage({ name: "kept", persist: true });
      await (await keeping.open({ group, freshIncarnation: "first" })).close();
      expect(asked).toBe(1);
      expect(await keeping.isPersisted()).toBe(await navigator.storage.persisted());
    } finally {
      navigator.storage.persist = persist;
    }
  });
});
