import { concatBytes, decodeHex, digest, type PeerId } from "@mosaik/primitives";
import { bucketCount, summaryRowBytes } from "../config.ts";
import type { EntryVersion } from "../discovery.ts";
import type { EntryId } from "./entry-id.ts";
import { bucketOf } from "./immutable-map.ts";

interface Bucket {
  readonly versions: Map<PeerId, EntryVersion>;
  digest: Uint8Array | undefined;
}

/**
 * Which version of which peer a catalog holds, with a digest for each of 256 buckets: two catalogs
 * are compared by 2 KiB, and only buckets that differ are looked into.
 *
 * Invariant: equal contents have equal digests, whatever the history.
 */
export class CatalogSummary {
  readonly #buckets: Bucket[] = Array.from({ length: bucketCount }, () => ({
    versions: new Map(),
    digest: undefined,
  }));

  /** Notes the version that is held of a peer. */
  set(peer: PeerId, version: EntryVersion): void {
    const bucket = this.#bucket(bucketOf(peer));
    bucket.versions.set(peer, version);
    bucket.digest = undefined;
  }

  /** Notes that nothing is held of a peer. */
  delete(peer: PeerId): void {
    const bucket = this.#bucket(bucketOf(peer));
    bucket.versions.delete(peer);
    bucket.digest = undefined;
  }

  /** The rows of the buckets that are not empty, in ascending order: number, then digest. */
  encode(): Uint8Array {
    const rows: Uint8Array[] = [];
    this.#buckets.forEach((bucket, index) => {
      if (bucket.versions.size === 0) return;
      bucket.digest ??= digestOf(sorted(bucket));
      rows.push(Uint8Array.of(index), bucket.digest);
    });
    return concatBytes(...rows);
  }

  /** What a bucket holds, in ascending order of the peers. */
  list(index: number): EntryId[] {
    return sorted(this.#bucket(index));
  }

  #bucket(index: number): Bucket {
    return this.#buckets[index] as Bucket; // made for each index of a byte
  }
}

/** The digests of a summary, as texts, by bucket. The bytes must have passed the schema. */
export function decodeSummary(summary: Uint8Array): Map<number, string> {
  const digests = new Map<number, string>();
  for (let offset = 0; offset < summary.byteLength; offset += summaryRowBytes) {
    const row = summary.subarray(offset, offset + summaryRowBytes);
    digests.set(row[0] ?? 0, row.subarray(1).join());
  }
  return digests;
}

function sorted({ versions }: Bucket): EntryId[] {
  const ids = [...versions].map(([peer, version]) => ({ peer, version }));
  return ids.sort((left, right) => (left.peer < right.peer ? -1 : 1));
}

function digestOf(ids: readonly EntryId[]): Uint8Array {
  const texts = ids.map(({ peer, version }) => `${peer} ${version.epoch} ${version.sequence}`);
  return decodeHex(digest("mosaik/discovery/bucket", texts.join("\n")).slice(0, 16));
}
