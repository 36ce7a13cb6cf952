import { type Digest, encodeHex, encodeUtf8, sha256 } from "@mosaik/primitives";
import { type Entry, entryBytes, noData } from "./entry.ts";
import type { Log } from "./log.ts";
import type { AnchorPoint } from "./messages.ts";

type Hash = (bytes: Uint8Array) => Uint8Array;

const kinds = { command: 0, noop: 1, configuration: 2 } as const;

/** What stands before the body of an entry: index 8 | term 8 | kind 1 | body length 4. */
const headBytes = 21;

const domain = encodeUtf8("mosaik/groups/stretch/2/");

/**
 * The SHA-256 of all that a stretch of the log is: no two stretches have the same. Of one run of bytes:
 * parts by themselves cost several times as much.
 */
export function stretchDigest(entries: readonly Entry[], hash: Hash = sha256): Digest {
  const bodies = entries.map(bodyOf);
  const size = bodies.reduce((sum, { byteLength }) => sum + headBytes + byteLength, 0);
  const bytes = new Uint8Array(domain.byteLength + size);
  const view = new DataView(bytes.buffer);
  bytes.set(domain);
  let at = domain.byteLength;
  for (const [number, { index, term, kind }] of entries.entries()) {
    const body = bodies[number] ?? noData;
    view.setFloat64(at, index);
    view.setFloat64(at + 8, term);
    view.setUint8(at + 16, kinds[kind]);
    view.setUint32(at + 17, body.byteLength);
    bytes.set(body, at + headBytes);
    at += headBytes + body.byteLength;
  }
  return encodeHex(hash(bytes)) as Digest; // as long as any other, and never compared with one
}

function bodyOf({ data, configuration }: Entry): Uint8Array {
  if (configuration === undefined) return data;
  const members = configuration.members.map(({ id, kind, voting }) => [id, kind, voting]);
  return encodeUtf8(JSON.stringify(members));
}

/** What a stretch of the log counts for, and its digest. */
export type Stretch = Pick<AnchorPoint, "bytes" | "digest">;

function stretchOf(entries: readonly Entry[], hash: Hash): Stretch {
  return { bytes: stretchBytes(entries), digest: stretchDigest(entries, hash) };
}

/** What entries count for in byte limits. */
export function stretchBytes(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
}

/** So many digests are kept: those of the longest anchors of a few members. */
const keptMax = 64;

/**
 * Digests of stretches of the committed log. What is committed never changes, so one that was told
 * once is kept, and several members that are behind cost one pass over the log. One stretch is hashed
 * a step: a leader that hashes is silent meanwhile.
 */
export class StretchDigests {
  readonly #hashOf: Hash;
  readonly #kept = new Map<string, Stretch>();
  #isSpent = false;
  #isWanted = false;

  constructor(hash: Hash) {
    this.#hashOf = hash;
  }

  /** Whether a stretch was asked for in this step that is left for the next. */
  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Whether this step has hashed one: the next is left for the next, and need not be looked for. */
  get isSpent(): boolean {
    this.#isWanted ||= this.#isSpent;
    return this.#isSpent;
  }

  /** Another step. */
  begin(): void {
    this.#isSpent = false;
    this.#isWanted = false;
  }

  /**
   * What the entries of a range of kept, committed positions are, both ends included; nothing where
   * this step has hashed a stretch already.
   */
  of(log: Log, from: number, to: number): Stretch | undefined {
    const name = `${from}-${to}`;
    const found = this.#kept.get(name) ?? this.#hash(log, from, to);
    if (found === undefined) return undefined;
    this.#kept.delete(name); // and to the end: the one used longest ago goes first
    this.#kept.set(name, found);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest !== undefined) this.#kept.delete(oldest);
    return found;
  }

  #hash(log: Log, from: number, to: number): Stretch | undefined {
    this.#isWanted = this.#isSpent;
    if (this.#isSpent) return undefined;
    this.#isSpent = true;
    return stretchOf(log.range(from, to), this.#hashOf);
  }
}
