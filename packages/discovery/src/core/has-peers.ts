import type { Catalog, PeerEntry } from "../discovery.ts";

/** Which peers count, and how many there must be. */
export interface PeerCount {
  /** Default: 1. */
  readonly atLeast?: number;
  /** Only those with all of these. */
  readonly tags?: readonly string[];
  readonly where?: (entry: PeerEntry) => boolean;
}

/** Whether so many peers that count are in the catalog. */
export function hasPeers(
  { peers }: Catalog,
  { atLeast = 1, tags = [], where }: PeerCount,
): boolean {
  if (peers.size < atLeast) return false;
  let count = 0;
  for (const entry of peers.values()) {
    if (count >= atLeast) break;
    const fits = tags.every((tag) => entry.tags.has(tag)) && (where === undefined || where(entry));
    if (fits) count += 1;
  }
  return count >= atLeast;
}
