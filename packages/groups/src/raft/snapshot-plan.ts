import type { Core } from "./core.ts";
import type { SnapshotMeta } from "./entry.ts";

/*
 * When the log is cut short. A snapshot is wanted once enough entries were applied since the last
 * one; when it is durable, the log before it goes, but for a trail that spares members which are a
 * little behind a whole snapshot.
 */

/** Whether a snapshot of the applied state is wanted; said once for each. */
export function wantsSnapshot(core: Core): boolean {
  const last = Math.max(core.snapshot?.index ?? 0, core.snapshotAsked);
  if (core.handed - last < core.limits.snapshotEntries) return false;
  core.snapshotAsked = core.handed;
  return true;
}

/** Notes a durable local snapshot. */
export function onSnapshotSaved(core: Core, meta: SnapshotMeta): void {
  if (meta.index <= (core.snapshot?.index ?? 0) || meta.index > core.commit) return;
  core.snapshot = meta;
  const durable = Math.min(meta.index, core.handed, core.durability.durableIndex);
  const to = durable - core.limits.snapshotTrailing;
  if (to <= core.log.baseIndex) return;
  core.log.compactTo(to);
  core.membership.compactTo(to);
  core.durability.compacted(to);
}

/** What a snapshot of the state at an applied position stands for. */
export function snapshotMeta(core: Core, index: number): SnapshotMeta | undefined {
  const term = core.log.termAt(index);
  if (term === undefined || index > core.handed) return undefined;
  const step = core.membership.at(index);
  return { index, term, configuration: step.configuration, configurationIndex: step.index };
}
