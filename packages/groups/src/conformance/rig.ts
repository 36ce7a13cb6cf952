import { concatBytes, type Digest, digest, encodeUtf8, type GroupId } from "@mosaik/primitives";
import type { GroupLog, LogBatch, LogStorage, SnapshotSource } from "../log-storage.ts";
import type { Entry, HardState, SnapshotMeta } from "../raft/entry.ts";
import { configuration, memberId } from "../raft/member.ts";

/** What the tests of a storage are written with. */
export class Rig {
  readonly storage: LogStorage;
  readonly #open = new Set<GroupLog>();
  #incarnations = 0;

  constructor(storage: LogStorage) {
    this.storage = storage;
  }

  /** Opens the room of a group; each opening offers another incarnation. */
  async open(name = "a"): Promise<GroupLog> {
    const freshIncarnation = `incarnation-${++this.#incarnations}`;
    const log = await this.storage.open({ group: groupOf(name), freshIncarnation });
    this.#open.add(log);
    return log;
  }

  /** Closes a room and opens it again. */
  async reopen(log: GroupLog, name = "a"): Promise<GroupLog> {
    await log.close();
    return this.open(name);
  }

  async close(): Promise<void> {
    for (const log of this.#open) await log.close().catch(() => {}); // a test may have broken it
  }
}

/** The group of a name. */
export function groupOf(name: string): GroupId {
  const id: Digest = digest("storage-test", name);
  return id as GroupId; // of a group that nobody joins
}

/** A hard state of a term. */
export function hardOf(term: number, commit = 0): HardState {
  return { instance: "born.1", attempt: 1, term, vote: `peer#${term}`, commit };
}

/** Commands of a term, from an index on. */
export function entriesOf(index: number, count: number, term = 1): Entry[] {
  return Array.from({ length: count }, (_, at) => ({
    index: index + at,
    term,
    kind: "command",
    data: encodeUtf8(`command ${index + at} of ${term}`),
    configuration: undefined,
  }));
}

/** A batch that only has what is given. */
export function batchOf(batch: Partial<LogBatch>): LogBatch {
  return {
    hard: hardOf(1),
    snapshot: undefined,
    truncateFrom: undefined,
    entries: [],
    compactTo: undefined,
    ...batch,
  };
}

/** What a snapshot at a position stands for. */
export function metaOf(index: number, term = 1): SnapshotMeta {
  const members = [{ id: memberId("peer", "1"), kind: "data", voting: true }] as const;
  return { index, term, configuration: configuration(members), configurationIndex: 1 };
}

/** Stages a snapshot whole. */
export async function stage(
  log: GroupLog,
  meta: SnapshotMeta,
  chunks: readonly Uint8Array[],
): Promise<void> {
  const staged = log.stageSnapshot(meta);
  for (const chunk of chunks) await staged.write(chunk);
  await staged.finish();
}

/** All bytes of a snapshot, which is closed then. */
export async function bytesOf(source: SnapshotSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = 0; chunk < source.chunks; chunk++) chunks.push(await source.read(chunk));
  await source.close();
  return concatBytes(...chunks);
}
