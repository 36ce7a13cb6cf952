import type { Core } from "./core.ts";
import { type Entry, entryBytes, type SnapshotMeta } from "./entry.ts";

/*
 * When the log is cut short. A snapshot is wanted at every so many positions (more for a large state,
 * see `snapshot-pace.ts`), the same ones on every member, so that one that is behind can fetch the same snapshot from several (R13). When it is
 * durable, the log before it goes, but for a trail that spares members which are a little behind a
 * whole snapshot, and for what members that are on the way to a snapshot will need after it.
 */

/** The snapshot that is wanted on the way through entries that are handed on. */
export function wantedSnapshot(core: Core, entries: readonly Entry[]): SnapshotMeta | undefined {
  const { pace, handed, limits } = core;
  pace.handed(entries);
  const at = handed - (handed % pace.stride(limits.snapshotEntries));
  if (at <= handed - entries.length) return undefined;
  pace.wanted(entries.filter(({ index }) => index > at));
  return snapshotMeta(core, at);
}

/** Notes a durable local snapshot. */
export function onSnapshotSaved(core: Core, meta: SnapshotMeta, bytes: number): void {
  core.pace.saved(bytes);
  if (meta.index <= (core.snapshot?.index ?? 0) || meta.index > core.commit) return;
  core.snapshot = meta;
  const durable = Math.min(meta.index, core.handed, core.durability.durableIndex);
  const to = Math.min(durable - core.limits.snapshotTrailing, heldAfter(core));
  if (to <= core.log.baseIndex) return;
  core.log.compactTo(to);
  core.membership.compactTo(to);
  core.durability.compacted(to);
}

/** Where the snapshot of the member that is furthest behind ends, of those that may get what follows. */
function heldAfter(core: Core): number {
  const { role, log, limits } = core;
  let after = Number.POSITIVE_INFINITY;
  if (role.state !== "leader") return after;
  for (const { snapshot, contactMs } of role.progress.values()) {
    const isThere = core.now - contactMs < limits.snapshotTimeoutMs;
    if (snapshot && isThere) after = Math.min(after, snapshot.index);
  }
  let bytes = 0;
  for (let index = log.lastIndex; index > after; index--) {
    const entry = log.at(index);
    bytes += entry ? entryBytes(entry) : 0;
    if (bytes > limits.snapshotHeldBytesMax) return index;
  }
  return after;
}

function snapshotMeta(core: Core, index: number): SnapshotMeta | undefined {
  const term = core.log.termAt(index);
  if (term === undefined) return undefined;
  const step = core.membership.at(index);
  return { index, term, configuration: step.configuration, configurationIndex: step.index };
}
