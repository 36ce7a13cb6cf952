/** All items before `end` that are not before an earlier mark were kept at `atMs` at the latest. */
export interface Mark {
  readonly end: number;
  readonly atMs: number;
}

/** A mark stands for at most this part of the items between it and the last one. */
const part = 8;

/**
 * The marks of items that are dropped, the newest last, and one more. Older ones become one, so that
 * there are few, however much was dropped: how old an item was is known the less exactly the longer it
 * is gone.
 */
export function marked(marks: readonly Mark[], { end, atMs }: Mark): Mark[] {
  const kept: Mark[] = [];
  let latest = 0;
  for (const [index, mark] of marks.entries()) {
    const next = marks[index + 1]?.end ?? end;
    latest = Math.max(latest, mark.atMs);
    if ((next - (kept.at(-1)?.end ?? 0)) * part <= end - next) continue; // the next stands for it
    kept.push({ end: mark.end, atMs: latest });
    latest = 0;
  }
  return [...kept, { end, atMs: Math.max(latest, atMs) }];
}

/** The end of the items, in order, that are known to be older than that. */
export function olderThan(marks: Iterable<Mark>, sinceMs: number): number {
  let older = 0;
  for (const { end, atMs } of marks) {
    if (atMs >= sinceMs) break;
    older = end;
  }
  return older;
}
