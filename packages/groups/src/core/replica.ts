import { invariant, validate } from "@mosaik/primitives";
import { checkpointEvery } from "../config.ts";
import { snapshotChunkBytesMax } from "../log-storage.ts";
import type { Entry } from "../raft/entry.ts";
import { type MachineDefinition, Rejection, type StateMachine } from "../state-machine.ts";
import { decodeTotal } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type CommandFrame, decodeCommandFrame } from "./command-frame.ts";
import { cutRecords } from "./record-stream.ts";
import { captureState, Restoration, type Restoring } from "./restoration.ts";
import { Sessions, type Verdict } from "./sessions.ts";
import { StateHash } from "./state-hash.ts";

/** What the machine did with a command: the same on every member. */
export type Outcome<Result> =
  | { readonly kind: "result"; readonly result: Result }
  | { readonly kind: "rejected"; readonly reason: string };

/** What became of an entry that holds commands. */
export interface Applied<Result> {
  readonly position: number;
  readonly session: string;
  readonly sequence: number;
  readonly verdict: Verdict;
  /** One a command, where the frame was fresh. */
  readonly outcomes: readonly Outcome<Result>[];
}

/** The state at a position, in short: equal at all members, or one of them went wrong. */
export interface Checkpoint {
  readonly position: number;
  readonly hash: string;
}

/** What a replica tells of a command that threw what is no {@link Rejection}. */
export type OnThrow = (error: unknown, position: number) => void;

/**
 * A member's copy of the replicated state: the user's machine, and the sessions that keep retries
 * from taking effect twice.
 *
 * 1. Entries are applied in order, each once; the same entries give the same state, outcomes and hash.
 * 2. Total: a command that does not decode, does not fit its schema, throws, or whose result does not
 *    encode is rejected, on every member alike.
 */
export class Replica<Command, Result, Query, Answer> {
  readonly #definition: MachineDefinition<Command, Result, Query, Answer>;
  readonly #onThrow: OnThrow;
  #machine: StateMachine<Command, Result, Query, Answer>;
  #sessions = new Sessions();
  #hash = new StateHash();
  #position = 0;
  #checkpoint: Checkpoint | undefined;
  #unsettled = false;

  constructor(definition: MachineDefinition<Command, Result, Query, Answer>, onThrow: OnThrow) {
    this.#definition = definition;
    this.#onThrow = onThrow;
    this.#machine = definition.create();
  }

  /** The last position applied. */
  get position(): number {
    return this.#position;
  }

  /** Asks the machine. @throws what it throws. */
  query(query: Query): Answer {
    return this.#machine.query(query);
  }

  /** Applies the next entry; answers what became of it where it holds commands. */
  apply(entry: Entry): Applied<Result> | undefined {
    invariant(entry.index === this.#position + 1, "entries are applied in order, each once");
    this.#position = entry.index;
    const applied = entry.kind === "command" ? this.#applyFrame(entry) : undefined;
    if (entry.index % checkpointEvery === 0) this.#compare();
    return applied;
  }

  /** Lets the machine do what it put off. */
  settle(): void {
    if (!this.#unsettled) return;
    this.#unsettled = false;
    try {
      this.#machine.settled?.();
    } catch (error) {
      this.#onThrow(error, this.#position);
    }
  }

  /** The state in short, at the last position at which members compare. */
  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint;
  }

  /** What became of a frame whose entry may be covered by a snapshot. */
  recall(session: string, sequence: number): Applied<Result> | "forgotten" | "unseen" {
    const answer = this.#sessions.lookUp(session, sequence);
    if (typeof answer === "string") return answer;
    const outcomes = answer.outcomes.map((bytes) => this.#decodeOutcome(bytes));
    return { position: answer.position, session, sequence, verdict: "fresh", outcomes };
  }

  /**
   * The whole state as it is now, in pieces of {@link snapshotChunkBytesMax}, to be read while
   * further entries are applied; `undefined` where a pause does no harm. @throws what the machine
   * throws.
   */
  snapshot(): Iterable<Uint8Array | undefined> {
    const records = captureState({
      machine: this.#machine,
      sessions: this.#sessions,
      hash: this.#hash,
      position: this.#position,
    });
    return cutRecords(records, snapshotChunkBytesMax);
  }

  /** Begins to read a snapshot: nothing changes before it is whole. @throws what the machine throws. */
  restoration(): Restoring {
    return new Restoration(this.#definition.create(), (state) => {
      this.#machine = state.machine;
      this.#sessions = state.sessions;
      this.#hash = state.hash;
      this.#position = state.position;
      this.#checkpoint = undefined;
      this.#unsettled = false;
    });
  }

  #applyFrame(entry: Entry): Applied<Result> | undefined {
    const frame = decodeCommandFrame(entry.data);
    if (frame === undefined) return undefined;
    const { session, sequence } = frame;
    const verdict = this.#sessions.admit(frame, entry.index);
    const outcomes = verdict === "fresh" ? this.#carryOut(frame, entry) : [];
    return { position: entry.index, session, sequence, verdict, outcomes };
  }

  #compare(): void {
    try {
      const print = this.#machine.fingerprint?.();
      if (print !== undefined) this.#hash.bytes(print);
    } catch (error) {
      this.#onThrow(error, this.#position);
    }
    this.#hash.number(this.#position);
    this.#checkpoint = { position: this.#position, hash: this.#hash.text };
  }

  #carryOut(frame: CommandFrame, entry: Entry): readonly Outcome<Result>[] {
    const outcomes: Outcome<Result>[] = [];
    const remembered: Uint8Array[] = [];
    for (const command of frame.commands) {
      const { outcome, bytes } = this.#encoded(this.#run(command, entry));
      outcomes.push(outcome);
      remembered.push(bytes);
      this.#hash.bytes(bytes);
    }
    this.#unsettled = true;
    this.#sessions.answer(frame, { position: entry.index, outcomes: remembered });
    return outcomes;
  }

  #run(bytes: Uint8Array, { index: position, term }: Entry): Outcome<Result> {
    const { codec, schema } = this.#definition.command;
    const decoded = codec.decode(bytes);
    if (!decoded.ok) return rejected("the command does not decode");
    const fitted = schema === undefined ? decoded : validate(schema, decoded.value);
    if (!fitted.ok) return rejected("the command does not fit its schema");
    try {
      return { kind: "result", result: this.#machine.apply(fitted.value, { position, term }) };
    } catch (error) {
      if (error instanceof Rejection) return rejected(error.reason);
      this.#onThrow(error, position);
      return rejected("the machine threw");
    }
  }

  #encoded(outcome: Outcome<Result>): { outcome: Outcome<Result>; bytes: Uint8Array } {
    if (outcome.kind === "rejected") {
      return { outcome, bytes: new ByteWriter().u8(1).text(outcome.reason).finish() };
    }
    if (outcome.result === undefined) return { outcome, bytes: Uint8Array.of(2) };
    try {
      const result = this.#definition.result.codec.encode(outcome.result);
      const bytes = new Uint8Array(1 + result.byteLength); // its kind is 0
      bytes.set(result, 1);
      return { outcome, bytes };
    } catch (error) {
      this.#onThrow(error, this.#position);
      return this.#encoded(rejected("the result does not encode"));
    }
  }

  #decodeOutcome(bytes: Uint8Array): Outcome<Result> {
    const outcome = decodeTotal<Outcome<Result>>(bytes, (reader) => {
      const kind = reader.u8();
      if (kind === 1) return rejected(reader.text(0xffff));
      if (kind === 2) return { kind: "result", result: undefined as Result }; // it was undefined
      const decoded = this.#definition.result.codec.decode(reader.raw(reader.left));
      return decoded.ok ? { kind: "result", result: decoded.value } : undefined;
    });
    return outcome ?? rejected("the result does not decode");
  }
}

function rejected(reason: string): { readonly kind: "rejected"; readonly reason: string } {
  return { kind: "rejected", reason };
}
