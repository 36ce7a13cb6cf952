import { type Digest, digest } from "@mosaik/primitives";
import type { Entry } from "./entry.ts";
import type { Log } from "./log.ts";

const kinds = { command: 0, noop: 1, configuration: 2 } as const;

/** The digest of all that a stretch of the log is: no two stretches have the same. */
export function stretchDigest(entries: readonly Entry[]): Digest {
  return digest(
    "mosaik/groups/stretch/1",
    ...entries.flatMap((each) => [headOf(each), bodyOf(each)]),
  );
}

function headOf({ index, term, kind }: Entry): Uint8Array {
  const head = new DataView(new ArrayBuffer(17));
  head.setFloat64(0, index);
  head.setFloat64(8, term);
  head.setUint8(16, kinds[kind]);
  return new Uint8Array(head.buffer);
}

function bodyOf({ data, configuration }: Entry): Uint8Array | string {
  if (configuration === undefined) return data;
  return JSON.stringify(configuration.members.map(({ id, kind, voting }) => [id, kind, voting]));
}

/** So many digests are kept: those of the longest anchors of a few members. */
const keptMax = 64;

/**
 * Digests of stretches of the committed log. What is committed never changes, so one that was told
 * once is kept, and several members that are behind cost one pass over the log.
 */
export class StretchDigests {
  readonly #kept = new Map<string, Digest>();

  /** The digest of the entries of a range of kept, committed positions, both ends included. */
  of(log: Log, from: number, to: number): Digest {
    const name = `${from}-${to}`;
    const found = this.#kept.get(name) ?? stretchDigest(log.range(from, to));
    this.#kept.delete(name); // and to the end: the one used longest ago goes first
    this.#kept.set(name, found);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest !== undefined) this.#kept.delete(oldest);
    return found;
  }
}
