import { equalBytes } from "@mosaik/primitives";
import type { Entry } from "../../raft/entry.ts";
import type { StoredState } from "../../raft/raft-init.ts";
import type { Mark } from "./mark.ts";
import { Outline } from "./outline.ts";
import { firstChain, type Hash, type OpenedRecord, openRecord } from "./record.ts";

/** What a medium can do, which decides what may be missing. */
export interface MediumTraits {
  /** A write that was cut off may leave a part of a record. */
  readonly tears: boolean;
  /** It keeps marks. */
  readonly marks: boolean;
}

/** What was found. `blank`: nothing was ever acknowledged here. */
export type Found =
  | { readonly kind: "blank" }
  | { readonly kind: "corrupt"; readonly reason: string }
  | {
      readonly kind: "room";
      readonly outline: Outline;
      readonly stored: StoredState | undefined;
      /** The last record, and its chain. */
      readonly sequence: number;
      readonly chain: Uint8Array;
      /** The log is not what the snapshot in force leads on from: it must be dropped. */
      readonly resets: boolean;
    };

/**
 * Decides what the records of a room amount to.
 *
 * 1. What counts is the last unbroken run of records from a checkpoint on; what it needs from before
 *    must not be missing.
 * 2. A record that cannot be read is let go only where it is the very last, was not acknowledged, and
 *    the medium tears; anywhere else the room is corrupt, unless a snapshot made it needless.
 * 3. The run reaches the mark, and agrees with it.
 */
export class Replay {
  readonly #group: string;
  readonly #hash: Hash;
  readonly #traits: MediumTraits;
  readonly #mark: Mark | undefined;
  #outline: Outline | undefined;
  #entries: Entry[] = [];
  /** Entries from here on are held. */
  #from = 1;
  #sequence = 0;
  #chain: Uint8Array;
  #state: "sound" | "broken" | "corrupt" = "sound";
  /** The run's first record, and the chain of its record that the mark names. */
  #first = 0;
  #marked: Uint8Array | undefined;
  #reason = "";

  constructor(group: string, mark: Mark | undefined, traits: MediumTraits, hash: Hash) {
    this.#group = group;
    this.#mark = mark;
    this.#traits = traits;
    this.#hash = hash;
    this.#chain = firstChain(group, hash);
  }

  /** Takes the next record, or what is there in its place. */
  add(sequence: number, bytes: Uint8Array | undefined): void {
    const opened = bytes && openRecord(bytes, this.#hash);
    const record = opened?.sequence === sequence ? opened : undefined;
    if (record && this.#follows(record)) return this.#apply(record);
    if (record?.change.checkpoint && record.sequence > this.#sequence + 1) {
      return this.#restart(record);
    }
    if (record && this.#state === "sound") return this.#corrupt(`record ${sequence} has no place`);
    if (this.#state === "broken") this.#corrupt(`record ${this.#sequence + 1} cannot be read`);
    if (this.#state === "sound") this.#state = "broken";
  }

  /** What it all amounts to. */
  finish(): Found {
    const { tears, marks } = this.#traits;
    const mark = this.#mark;
    if (this.#state === "corrupt") return { kind: "corrupt", reason: this.#reason };
    if (this.#state === "broken" && !tears) return corrupt("the last record cannot be read");
    const acknowledged = mark?.sequence ?? 0;
    if (acknowledged > this.#sequence) {
      return corrupt(
        `record ${acknowledged} was acknowledged, ${this.#sequence} is the last found`,
      );
    }
    if (!this.#outline) return { kind: "blank" };
    if (marks && !mark) return corrupt("the mark of what was acknowledged is gone");
    if (!this.#agreesWith(mark)) return corrupt("records and mark do not agree");
    return this.#room(this.#outline);
  }

  #room(outline: Outline): Found {
    const { snapshot, hard } = outline;
    const { index = 0 } = snapshot?.meta ?? {};
    const resets = snapshot !== undefined && !outline.leadsTo(snapshot.meta);
    if (outline.lastIndex > index && this.#from > index + 1) {
      return corrupt(`entries ${index + 1} to ${this.#from - 1} are missing`);
    }
    const entries = resets ? [] : this.#entries.filter((entry) => entry.index > index);
    const stored = hard && { hard, snapshot: snapshot?.meta, entries };
    return {
      kind: "room",
      outline,
      stored,
      sequence: this.#sequence,
      chain: this.#chain,
      resets,
    };
  }

  #follows(record: OpenedRecord): boolean {
    const isNext = record.sequence === this.#sequence + 1 && this.#state === "sound";
    return isNext && equalBytes(record.previous, this.#chain);
  }

  #restart(record: OpenedRecord): void {
    this.#state = "sound";
    this.#outline = undefined;
    this.#apply(record);
  }

  #apply(record: OpenedRecord): void {
    const { change, sequence, chain } = record;
    const { checkpoint } = change;
    if (checkpoint && checkpoint.group !== this.#group) {
      return this.#corrupt("the records are of another group");
    }
    if (checkpoint && !this.#outline) {
      this.#outline = new Outline(checkpoint);
      this.#first = sequence;
      this.#from = checkpoint.lastIndex + 1;
      this.#entries = [];
    }
    const outline = this.#outline;
    if (!outline) return this.#corrupt("the first record is no checkpoint");
    const refusal = outline.refusalOf(change);
    if (refusal !== undefined) return this.#corrupt(refusal);
    outline.apply(sequence, change);
    this.#hold(outline, record);
    this.#sequence = sequence;
    this.#chain = chain;
    if (sequence === this.#mark?.sequence) this.#marked = chain;
  }

  /** A mark from before this run stands for records that are needed no more. */
  #agreesWith(mark: Mark | undefined): boolean {
    if (!mark || mark.sequence < this.#first) return true;
    return this.#marked !== undefined && equalBytes(this.#marked, mark.chain);
  }

  #hold(outline: Outline, { change }: OpenedRecord): void {
    const { truncateFrom, entries } = change;
    if (change.resets) {
      this.#entries = [];
      this.#from = (outline.snapshot?.meta.index ?? 0) + 1;
    }
    if (truncateFrom !== undefined) {
      this.#from = Math.min(this.#from, truncateFrom);
      this.#entries.length = Math.min(this.#entries.length, truncateFrom - this.#from);
    }
    for (const entry of entries) this.#entries.push(entry);
  }

  #corrupt(reason: string): void {
    this.#state = "corrupt";
    this.#reason = reason;
  }
}

function corrupt(reason: string): Found {
  return { kind: "corrupt", reason };
}
