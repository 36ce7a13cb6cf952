import { WatchSource } from "@mosaik/primitives";
import { watchChangesMax } from "../config.ts";
import { History } from "../core/history.ts";
import type { Machine } from "../machines/machine.ts";

/** The state of all stores of a group at a moment. */
export interface RoomState {
  readonly machines: readonly Machine<unknown>[];
  /** The position of the last change of each store; 0 where there was none. */
  readonly versions: readonly number[];
}

/**
 * Where the handles of a node see the state of a group's stores: filled by its machine, read by
 * them. One a member.
 */
export class Room {
  readonly history: History = new History(watchChangesMax);
  /** Changes whenever something has happened. */
  readonly stirred: WatchSource<number> = new WatchSource(0);
  #state: RoomState | undefined;

  /** The state now: it changes with every command. */
  get state(): RoomState {
    if (this.#state === undefined) throw new TypeError("no machine was made for this room");
    return this.#state;
  }

  /** A machine begins. Where there is one already, this one is being restored and has to wait. */
  begin(state: RoomState): void {
    this.#state ??= state;
  }

  /** The state is another from now on: a snapshot's. */
  replace(state: RoomState): void {
    this.#state = state;
    this.history.jump(Math.max(0, ...state.versions));
    this.stir();
  }

  /** Tells the watchers to look. */
  stir(): void {
    this.stirred.set(this.stirred.value + 1);
  }
}
