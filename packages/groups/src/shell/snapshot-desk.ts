import { encodeHex, type Infer } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { captureIdleMs, capturesMax } from "../config.ts";
import { chained, emptyChain } from "../core/snapshot-file.ts";
import type { GroupSnapshotSection } from "../diagnostics.ts";
import type { Hash } from "../storage/core/record.ts";
import type { AnyMember } from "./membership.ts";

type Answer = Infer<typeof GroupSnapshotSection.value>;
type Query = Infer<typeof GroupSnapshotSection.query>;

/** A state as it was when it was captured, while somebody reads it. */
interface Capture {
  readonly facts: Pick<Answer, "name" | "machine" | "signature" | "position">;
  readonly group: string;
  readonly pieces: Iterator<Uint8Array | undefined>;
  /** Of the piece that comes next. */
  next: number;
  chain: Uint8Array;
  usedMs: number;
}

/** Hands out the state of groups to inspectors, piece after piece, each in the order it was captured. */
export class SnapshotDesk {
  readonly #context: Pick<ServiceContext, "clock" | "random">;
  readonly #hash: Hash;
  readonly #captures = new Map<string, Capture>();
  #isWatching = false;

  constructor(context: Pick<ServiceContext, "clock" | "random">, hash: Hash) {
    this.#context = context;
    this.#hash = hash;
  }

  /**
   * The next piece of a capture, or the first one of a fresh one.
   *
   * @throws Error where too many are read, the capture is gone, or pieces are asked for out of order;
   * what the machine throws.
   */
  answer({ name, piece, group }: Query, member: AnyMember): Answer {
    this.#dropIdle();
    const capture = name === undefined ? this.#capture(member, group) : this.#captures.get(name);
    if (capture?.group !== group) throw new Error("it is not held any more: begin again");
    if (capture.next !== piece) throw new Error(`piece ${capture.next} comes next`);
    capture.next += 1;
    capture.usedMs = this.#context.clock.monotonic();
    const { facts } = capture;
    const bytes = this.#read(capture);
    if (bytes === undefined) return { ...facts, hash: encodeHex(capture.chain) };
    capture.chain = chained(this.#hash, capture.chain, bytes);
    return { ...facts, bytes };
  }

  #capture(member: AnyMember, group: string): Capture {
    if (member.isWitness) throw new Error("a witness keeps no state");
    if (this.#captures.size >= capturesMax) throw new Error("others read snapshots: try later");
    const { definition, replica } = member;
    const name = encodeHex(this.#context.random.bytes(16));
    const facts = {
      name,
      machine: definition.name,
      signature: definition.signature,
      position: replica.position,
    };
    const pieces = replica.snapshot()[Symbol.iterator]();
    const capture = { facts, group, pieces, next: 0, chain: emptyChain, usedMs: 0 };
    this.#captures.set(name, capture);
    this.#watch();
    return capture;
  }

  /** The next piece; lets go of the capture where there is none, or the machine throws. */
  #read({ facts, pieces }: Capture): Uint8Array | undefined {
    let isOver = true;
    try {
      for (let one = pieces.next(); !one.done; one = pieces.next()) {
        if (one.value === undefined) continue;
        isOver = false;
        return one.value;
      }
      return undefined;
    } finally {
      if (isOver) this.#captures.delete(facts.name);
    }
  }

  /** Looks again and again, while any are held. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#context.clock.after(captureIdleMs, () => {
      this.#isWatching = false;
      this.#dropIdle();
      if (this.#captures.size > 0) this.#watch();
    });
  }

  #dropIdle(): void {
    const since = this.#context.clock.monotonic() - captureIdleMs;
    for (const [name, { usedMs }] of this.#captures)
      if (usedMs <= since) this.#captures.delete(name);
  }
}
