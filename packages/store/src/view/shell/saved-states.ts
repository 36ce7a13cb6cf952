import type { GroupLog, LogStorage } from "@mosaik/groups";
import {
  type Clock,
  concatBytes,
  type Digest,
  digest,
  encodeHex,
  type GroupId,
  type Log,
  type Random,
  type Timer,
} from "@mosaik/primitives";
import { saveEveryMs } from "../config.ts";
import type { ViewState } from "../core/entries.ts";
import type { ViewDefinition } from "../define-view.ts";
import { readSaved, savedPieces } from "./saved-view.ts";

/** What the saved states of a view are made with. */
export interface SavedStatesInit<Item, Value> {
  readonly storage: LogStorage;
  readonly definition: ViewDefinition<Item, Value>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The state as it is now. */
  readonly state: () => ViewState<Value>;
}

/** The room of a storage in which states of a view are saved. */
export function savedRoom(view: Digest): GroupId {
  return digest("mosaik/view/saved", view) as GroupId; // no group has it
}

/** Entries that are read in one turn of the event loop. */
const turnEntries = 1_024;

/**
 * Saves the state of a fold now and then, whole or not at all, and has the last one at the start. Where
 * the storage fails, it says so once, and saves nothing more.
 */
export class SavedStates<Item, Value> {
  readonly #init: SavedStatesInit<Item, Value>;
  #room: GroupLog | undefined;
  #index = 0;
  #isChanged = false;
  #timer: Timer | undefined;
  /** The last save. */
  #saving: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(init: SavedStatesInit<Item, Value>) {
    this.#init = init;
  }

  /** The state that was saved last; nothing where there is none that can be read. */
  async load(): Promise<ViewState<Value> | undefined> {
    const { storage, definition, random } = this.#init;
    const group = savedRoom(definition.id);
    try {
      const freshIncarnation = encodeHex(random.bytes(8));
      this.#room = await storage.open({ group, freshIncarnation });
      const state = await this.#read(this.#room);
      if (this.#isClosed) await this.#leave();
      return state;
    } catch (error) {
      this.#failed("the saved state of a view cannot be read", error);
      return undefined;
    }
  }

  /** The state is another: it is saved soon. */
  changed(): void {
    this.#isChanged = true;
    if (this.#room === undefined || this.#isClosed) return;
    this.#timer ??= this.#init.clock.after(saveEveryMs, () => {
      this.#save();
    });
  }

  /** Saves what is not saved, and lets go of the storage. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#save();
    await this.#saving;
    await this.#leave();
  }

  async #read(room: GroupLog): Promise<ViewState<Value> | undefined> {
    const source = await room.openSnapshot();
    if (source === undefined) return undefined;
    this.#index = source.meta.index;
    try {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < source.chunks; at++) pieces.push(await source.read(at));
      return await this.#decode(concatBytes(...pieces));
    } catch (error) {
      this.#init.log.error("the saved state of a view is not as it was written", { error });
      return undefined;
    } finally {
      await source.close();
    }
  }

  async #decode(bytes: Uint8Array): Promise<ViewState<Value> | undefined> {
    const { clock, definition } = this.#init;
    const reading = readSaved(bytes, definition.codec);
    for (let entries = 1; ; entries++) {
      const { done, value } = reading.next();
      if (done === true) return value;
      if (entries % turnEntries === 0) {
        await new Promise<void>((resolve) => void clock.soon(resolve));
      }
    }
  }

  #save(): void {
    this.#timer = undefined;
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const state = this.#init.state();
    this.#saving = this.#saving.then(() => this.#write(state));
  }

  async #write(state: ViewState<Value>): Promise<void> {
    const room = this.#room;
    if (room === undefined) return;
    const { codec } = this.#init.definition;
    const index = ++this.#index;
    const configuration = { members: [] }; // only the index means something here
    const meta = { index, term: 1, configuration, configurationIndex: 0 };
    try {
      const stage = room.stageSnapshot(meta);
      try {
        for (const piece of savedPieces(state, codec)) await stage.write(piece);
        await stage.finish();
        await room.saveSnapshot(meta);
      } catch (error) {
        await stage.discard().catch(() => {}); // why it failed is said below
        throw error;
      }
    } catch (error) {
      this.#failed("the state of a view cannot be saved any more", error);
    }
  }

  async #leave(): Promise<void> {
    const room = this.#room;
    this.#room = undefined;
    await room?.close().catch((error: unknown) => {
      this.#init.log.error("the storage of a view failed at its end", { error });
    });
  }

  #failed(message: string, error: unknown): void {
    this.#init.log.error(message, { error });
    void this.#leave();
  }
}
