import { encodeUtf8 } from "@mosaik/primitives";
import { sha256 } from "@noble/hashes/sha2.js";
import type { Entry } from "./entry.ts";
import type { Log } from "./log.ts";

/** Bytes of a stretch's digest. */
export const stretchDigestBytes = 32;

const domain = encodeUtf8("mosaik/groups/stretch/1");
const kinds = { command: 0, noop: 1, configuration: 2 } as const;

/**
 * The digest of a stretch of the log, entry by entry: SHA-256 over all that an entry is, each field
 * of a fixed width or after its length, so that no two stretches give the same bytes.
 */
export class StretchHash {
  readonly #hash = sha256.create().update(domain);

  /** Mixes in the entry that follows. */
  add({ index, term, kind, data, configuration }: Entry): void {
    const members = configuration?.members.map(({ id, kind, voting }) => [id, kind, voting]);
    const text = encodeUtf8(members ? JSON.stringify(members) : "");
    const head = new DataView(new ArrayBuffer(25));
    head.setFloat64(0, index);
    head.setFloat64(8, term);
    head.setUint8(16, kinds[kind]);
    head.setUint32(17, text.byteLength);
    head.setUint32(21, data.byteLength);
    this.#hash.update(new Uint8Array(head.buffer)).update(text).update(data);
  }

  /** The digest of all that was mixed in. Nothing may follow. */
  finish(): Uint8Array {
    return this.#hash.digest();
  }
}

/** So many digests are kept: those of the longest anchors of a few members. */
const keptMax = 64;

/**
 * Digests of stretches of the committed log. What is committed never changes, so one that was told
 * once is kept, and several members that are behind cost one pass over the log.
 */
export class StretchDigests {
  readonly #kept = new Map<string, Uint8Array>();

  /** The digest of the entries of a range of kept, committed positions, both ends included. */
  of(log: Log, from: number, to: number): Uint8Array {
    const name = `${from}-${to}`;
    const digest = this.#kept.get(name) ?? digestOf(log.range(from, to));
    this.#kept.delete(name); // and to the end: the one used longest ago goes first
    this.#kept.set(name, digest);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest !== undefined) this.#kept.delete(oldest);
    return digest;
  }
}

function digestOf(entries: readonly Entry[]): Uint8Array {
  const hash = new StretchHash();
  for (const entry of entries) hash.add(entry);
  return hash.finish();
}
