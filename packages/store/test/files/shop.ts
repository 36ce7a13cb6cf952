import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { discovery } from "@mosaik/discovery";
import { groups, lanTimings } from "@mosaik/groups";
import { fileStorage } from "@mosaik/groups/node";
import { systemClock, systemRandom } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { createNetwork } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import { z } from "zod";
import { defineMap, type MapWriter, stores } from "../../src/index.ts";
import { testKey } from "../cluster.ts";

/** What is kept on real files. */
export const Kept = defineMap({
  name: "kept",
  durability: "fsync",
  key: z.number(),
  value: z.string(),
});

/** A writer of it. */
export type KeptWriter = MapWriter<number, string>;

/** Snapshots come soon, so that they are part of every test. */
const limits = { snapshotEntries: 8, snapshotTrailing: 2 };

/** A value long enough that a snapshot has something in it. */
export function valueAt(key: number): string {
  return `${key} ${"x".repeat(200)}`;
}

interface Running {
  readonly writer: KeptWriter;
  close(): Promise<void>;
}

/** Some writers in this process, each on a directory of its own. */
export class Shop {
  readonly #memory = createMemoryNetwork({ clock: systemClock, random: systemRandom });
  readonly #directory: string;
  readonly #count: number;
  readonly #running = new Map<number, Running>();
  readonly #lives = new Map<number, number>();
  #started = 0;

  constructor(directory: string, count: number) {
    this.#directory = directory;
    this.#count = count;
  }

  /** The numbers of all. */
  get all(): number[] {
    return Array.from({ length: this.#count }, (_, at) => at);
  }

  /** A writer that runs. */
  writer(at: number): KeptWriter {
    const running = this.#running.get(at);
    if (running === undefined) throw new Error("it does not run");
    return running.writer;
  }

  /** Those that run. */
  get writers(): KeptWriter[] {
    return [...this.#running.values()].map(({ writer }) => writer);
  }

  /** Where a writer's files are. */
  path(at: number): string {
    return join(this.#directory, `${at}-${this.#lives.get(at) ?? 0}`);
  }

  /** Starts some, on what their directories hold; resolves once all that run are online. */
  async start(...which: readonly number[]): Promise<void> {
    await Promise.all(which.map((at) => this.open(at)));
    await this.until(() => this.writers.every(({ status }) => status.value.online));
  }

  /** Starts one. */
  async open(at: number): Promise<KeptWriter> {
    const seeds = Array.from({ length: this.#started }, (_, other) => `/memory/${other + 1}`);
    const address = `/memory/${++this.#started}`;
    const node = await createNetwork({
      network: "test",
      seeds,
      secretKey: new Uint8Array(32).fill(at + 1),
      transport: this.#memory.transport({ address }),
      services: { discovery: discovery(), groups: groups(), stores: stores() },
    });
    try {
      const writer = await node.stores.writer(Kept, {
        key: testKey(),
        storage: fileStorage(this.path(at)),
        founders: this.#count,
        timings: lanTimings,
        limits,
      });
      this.#running.set(at, { writer, close: () => node.close() });
      return writer;
    } catch (error) {
      await node.close();
      throw error;
    }
  }

  /** Ends some as if their processes were killed: they start again with what their files hold now. */
  async kill(...which: readonly number[]): Promise<void> {
    for (const at of which) {
      const before = this.path(at);
      this.#lives.set(at, (this.#lives.get(at) ?? 0) + 1);
      await copyAtRest(before, this.path(at));
    }
    await Promise.all(which.map((at) => this.stop(at)));
  }

  /** Ends one in order. */
  async stop(at: number): Promise<void> {
    await this.#running.get(at)?.close();
    this.#running.delete(at);
  }

  /** Sets keys from one to another, a few at a time; answers the version. */
  async fill(from: number, to: number): Promise<number> {
    const [writer] = this.writers;
    let version = 0;
    for (let at = from; at <= to; at += 5) {
      const keys = Array.from({ length: Math.min(5, to - at + 1) }, (_, more) => at + more);
      const set = keys.map((key) => writer?.set(key, valueAt(key)));
      for (const outcome of await Promise.all(set))
        version = Math.max(version, outcome?.version ?? 0);
    }
    return version;
  }

  /** Waits until something holds. */
  until(holds: () => boolean): Promise<void> {
    return until(holds, { clock: systemClock, withinMs: 20_000, everyMs: 10 });
  }

  /** Ends all. */
  async close(): Promise<void> {
    await Promise.all([...this.#running.values()].map((running) => running.close()));
  }
}

/** Runs a test with writers on a directory that is gone afterwards. */
export async function withShop(count: number, test: (shop: Shop) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "mosaik-store-"));
  const shop = new Shop(directory, count);
  try {
    await test(shop);
  } finally {
    await shop.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Copies a directory but for its locks, again where its files came or went meanwhile. */
async function copyAtRest(from: string, to: string): Promise<void> {
  const filter = (path: string): boolean => !path.includes("lock");
  const names = async (): Promise<string> => (await readdir(from, { recursive: true })).join();
  for (let before = await names(), isDone = false; !isDone; ) {
    const copied = await cp(from, to, { recursive: true, filter }).then(
      () => true,
      () => false,
    );
    const after = await names();
    isDone = copied && after === before;
    before = after;
    if (!isDone) await rm(to, { recursive: true, force: true });
  }
}
