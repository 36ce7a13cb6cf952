import { type ApplyContext, Rejection, type StateMachine } from "@mosaik/groups";
import { digest, encodeId } from "@mosaik/primitives";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import { formatPrint } from "../core/print.ts";
import { StoreError } from "../errors.ts";
import type { Machine, Outcome } from "../machines/machine.ts";
import { Refusal } from "../machines/machine.ts";
import type { StoreCommand, StoreResult } from "../wire.ts";
import type { Room } from "./room.ts";
import { SnapshotReader, snapshotChunks } from "./snapshot.ts";

/**
 * What a group of stores replicates: the machines of all of them, one after the other in the order of
 * their definition.
 */
export class RoomMachine implements StateMachine<StoreCommand, StoreResult, "room", Room> {
  readonly machines: Machine<unknown>[];
  readonly versions: number[];
  readonly #room: Room;
  readonly #reader: SnapshotReader;

  constructor(room: Room, machines: Machine<unknown>[]) {
    this.#room = room;
    this.machines = machines;
    this.versions = machines.map(() => 0);
    this.#reader = new SnapshotReader(this);
    room.begin(this);
  }

  apply(command: StoreCommand, { position }: ApplyContext): StoreResult {
    const before = command.length > 1 ? this.#captureFor(command) : undefined;
    const events = new Map<number, unknown[]>();
    try {
      const outcomes = command.map(([store, ...change]): Outcome => {
        const machine = this.machines[store];
        if (machine === undefined) throw new Refusal("there is no such store");
        const happened = events.get(store) ?? [];
        events.set(store, happened);
        return machine.apply(change, happened);
      });
      for (const [store, happened] of events) this.#happened(store, position, happened);
      return { version: position, outcomes };
    } catch (error) {
      for (const [store, machine] of before ?? []) this.machines[store] = machine;
      throw error instanceof Refusal ? new Rejection(error.message) : error;
    }
  }

  query(): Room {
    return this.#room;
  }

  snapshot(): Iterable<Uint8Array> {
    const machines = this.machines.map((machine) => machine.capture());
    return snapshotChunks({ machines, versions: [...this.versions] });
  }

  restore(chunk: Uint8Array): void {
    const state = this.#reader.take(chunk);
    if (state === "corrupt") {
      throw new StoreError("STORE_SNAPSHOT_CORRUPT", "a snapshot does not hold what was saved");
    }
    if (state === "more") return;
    for (const [at, version] of state.entries()) this.versions[at] = version;
    this.#room.replace(this);
  }

  settled(): void {
    this.#room.stir();
  }

  fingerprint(): Uint8Array {
    const prints = this.machines.map(({ print, size }) => [formatPrint(print), size]);
    return encodeId(digest("mosaik/store-state", msgpackCodec.encode([prints, this.versions])));
  }

  #captureFor(command: StoreCommand): Map<number, Machine<unknown>> {
    const captured = new Map<number, Machine<unknown>>();
    for (const [store] of command) {
      const machine = this.machines[store];
      if (machine && !captured.has(store)) captured.set(store, machine.capture());
    }
    return captured;
  }

  #happened(store: number, version: number, events: readonly unknown[]): void {
    if (events.length === 0) return;
    this.versions[store] = version;
    this.#room.history.add({ store, version, events });
  }
}
