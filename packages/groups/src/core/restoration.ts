import type { StateMachine } from "../state-machine.ts";
import { decodeTotal } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { RecordJoiner } from "./record-stream.ts";
import { Sessions } from "./sessions.ts";
import { StateHash } from "./state-hash.ts";

type AnyMachine = StateMachine<never, unknown, never, unknown>;

/** All that is replicated, at a position. */
export interface ReplicatedState<Machine> {
  readonly machine: Machine;
  readonly sessions: Sessions;
  readonly hash: StateHash;
  readonly position: number;
}

const format = 1;

/**
 * A state as records: a head, one a session, then the machine's chunks. All of them show it as it is
 * at the call, though they are read later.
 */
export function captureState(
  state: ReplicatedState<Pick<AnyMachine, "snapshot">>,
): Iterable<Uint8Array> {
  const { size, horizon, records } = state.sessions.capture();
  const [a, b] = state.hash.words;
  const head = new ByteWriter(29).u8(format).position(state.position).u32(a).u32(b);
  head.position(horizon).u32(size);
  return inTurn([head.finish()], records, state.machine.snapshot());
}

function* inTurn(...all: readonly Iterable<Uint8Array>[]): Generator<Uint8Array> {
  for (const records of all) yield* records;
}

/** A snapshot that is being read. */
export interface Restoring {
  /**
   * Takes the next piece, one record at each step; `false` where it is none of a snapshot. @throws
   * what the machine throws.
   */
  take(piece: Uint8Array): Iterable<boolean>;
  /** Puts the state in place; `false`, and nothing happens, where pieces are missing. */
  finish(): boolean;
}

/** A state on its way from the pieces of a snapshot: beside the present one, until it is whole. */
export class Restoration<Machine extends Pick<AnyMachine, "restore">> implements Restoring {
  readonly #records = new RecordJoiner();
  readonly #machine: Machine;
  readonly #adopt: (state: ReplicatedState<Machine>) => void;
  readonly #sessions = new Sessions();
  readonly #hash = new StateHash();
  #position: number | undefined;
  #sessionsLeft = 0;

  /** Begins with a fresh machine. */
  constructor(machine: Machine, adopt: (state: ReplicatedState<Machine>) => void) {
    this.#machine = machine;
    this.#adopt = adopt;
  }

  *take(piece: Uint8Array): Generator<boolean> {
    const records = this.#records.take(piece);
    if (records === undefined) yield false;
    for (const record of records ?? []) yield this.#record(record);
  }

  finish(): boolean {
    const position = this.#position;
    if (position === undefined || this.#sessionsLeft > 0 || !this.#records.isEven) return false;
    this.#adopt({ machine: this.#machine, sessions: this.#sessions, hash: this.#hash, position });
    return true;
  }

  #record(record: Uint8Array): boolean {
    if (this.#position === undefined) return this.#head(record);
    if (this.#sessionsLeft === 0) {
      this.#machine.restore(record);
      return true;
    }
    this.#sessionsLeft--;
    return this.#sessions.add(record);
  }

  #head(record: Uint8Array): boolean {
    this.#position = decodeTotal(record, (reader) => {
      if (reader.u8() !== format) return undefined;
      const position = reader.position();
      this.#hash.words = [reader.u32(), reader.u32()];
      this.#sessions.begin(reader.position());
      this.#sessionsLeft = reader.u32();
      return position;
    });
    return this.#position !== undefined;
  }
}
