import type { PeerId } from "@mosaik/primitives";
import {
  defineMachine,
  type Group,
  type GroupLimits,
  type Groups,
  type GroupTimings,
  lanTimings,
} from "../src/index.ts";
import type { GroupLog, LogStorage, SnapshotSource } from "../src/log-storage.ts";
import type { SnapshotMeta } from "../src/raft/entry.ts";
import { memoryStorage } from "../src/storage/memory/index.ts";
import { testKey } from "./cluster.ts";

const recordBytes = 64 * 1_024;

function* firstOf(records: readonly Uint8Array[], count: number): Generator<Uint8Array> {
  for (const record of records.slice(0, count)) yield record;
}

/** Grows by so many records with each command. */
export const Grower = defineMachine({
  name: "grower",
  create: () => {
    const records: Uint8Array[] = [];
    return {
      apply: (count: number) => {
        for (let left = count; left > 0; left--) {
          const at = records.length;
          records.push(new Uint8Array(recordBytes).fill(at, at % 1_000));
        }
        return records.length;
      },
      query: (_: "records") => records,
      snapshot: () => firstOf(records, records.length),
      restore: (chunk) => void records.push(chunk),
    };
  },
});
/** A handle to a group of growers. */
export type GrowerGroup = Group<number, number, "records", readonly Uint8Array[]>;

/** How a member of a test's group is. */
export interface GrowerInit {
  readonly timings?: GroupTimings;
  readonly limits?: Partial<GroupLimits>;
}

/** A member, and how often pieces of snapshots were read from its storage. */
export class Member<Node extends { readonly peer: PeerId; readonly groups: Groups }> {
  readonly node: Node;
  reads = 0;
  /** Snapshots of its own state that are in force or were. */
  saved = 0;
  /** Of the snapshot that was read from last. */
  pieces = 0;
  /** What happens instead of a read, by the number of the read. */
  instead: (read: () => Promise<Uint8Array>, count: number) => Promise<Uint8Array> = (read) =>
    read();
  #group: GrowerGroup | undefined;

  constructor(node: Node) {
    this.node = node;
  }

  get group(): GrowerGroup {
    if (this.#group === undefined) throw new Error("it has not joined");
    return this.#group;
  }

  async join(founders: number, { timings = lanTimings, limits }: GrowerInit = {}): Promise<void> {
    const storage = memoryStorage();
    const watched: LogStorage = {
      ...storage,
      open: async (opening) => this.#watched(await storage.open(opening)),
    };
    this.#group = await this.node.groups.join({
      key: testKey(),
      machine: Grower,
      storage: watched,
      timings,
      founders,
      limits: { snapshotEntries: 20, snapshotTrailing: 2, ...limits },
    });
  }

  /** All that it has, from its local state. */
  async records(): Promise<readonly Uint8Array[]> {
    return (await this.group.query("records")).value;
  }

  #watched(log: GroupLog): GroupLog {
    const openSnapshot = async (): Promise<SnapshotSource | undefined> => {
      const source = await log.openSnapshot();
      if (source === undefined) return undefined;
      this.pieces = source.chunks;
      return {
        ...source,
        read: (chunk) => this.instead(() => source.read(chunk), ++this.reads),
      };
    };
    const saveSnapshot = async (meta: SnapshotMeta): Promise<boolean> => {
      const isSaved = await log.saveSnapshot(meta);
      if (isSaved) this.saved++;
      return isSaved;
    };
    return new Proxy(log, {
      get(target, name) {
        if (name === "saveSnapshot") return saveSnapshot;
        if (name === "openSnapshot") return openSnapshot;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }
}
