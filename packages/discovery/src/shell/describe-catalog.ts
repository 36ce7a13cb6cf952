import type { Ed25519, Infer, PeerId } from "@mosaik/primitives";
import { openEntry } from "../core/peer-entry.ts";
import type { CatalogEntry, CatalogEntrySection, CatalogSection } from "../diagnostics.ts";
import type { PeerEntry } from "../discovery.ts";
import type { Directory } from "./directory.ts";

type Page = { readonly from: string; readonly limit: number };

/** What a node tells of its catalog. */
export function describeCatalog(
  directory: Directory,
  neighbours: readonly PeerId[],
  page: Page | undefined,
): Infer<typeof CatalogSection.value> {
  const { me, peers } = directory.catalog;
  const ids = [...peers.keys()].sort();
  const from = page === undefined ? 0 : ids.findIndex((id) => id >= page.from);
  const shown = from < 0 ? [] : ids.slice(from, page === undefined ? undefined : from + page.limit);
  const next = from < 0 ? undefined : ids[from + shown.length];
  const entries = shown.flatMap((id) => {
    const entry = peers.get(id);
    return entry === undefined ? [] : [[id, told(entry, directory.ageMs(id))] as const];
  });
  return {
    me: told(me, 0),
    peers: Object.fromEntries(entries),
    size: ids.length,
    neighbours: [...neighbours],
    refused: Object.fromEntries(directory.refused),
    ...(next === undefined ? {} : { next }),
  };
}

/** A peer's entry as it was signed. */
export function describeEntry(
  directory: Directory,
  peer: PeerId,
  ed25519: Ed25519,
): Infer<typeof CatalogEntrySection.value> {
  const signed = directory.bytesOf(peer);
  if (signed === undefined) return { signature: "absent" };
  return { signed, signature: openEntry(signed, ed25519).ok ? "valid" : "invalid" };
}

function told(entry: PeerEntry, ageMs: number): CatalogEntry {
  return {
    tags: [...entry.tags],
    addresses: [...entry.addresses],
    offers: Object.fromEntries([...entry.offers].map(([kind, ids]) => [kind, [...ids]])),
    tickets: entry.tickets.length,
    version: { epoch: entry.version.epoch, sequence: entry.version.sequence },
    signedAt: entry.at,
    ageMs,
  };
}
