import type { StoreError } from "../errors.ts";
import type { Machine } from "../machines/machine.ts";
import type { StoreChange } from "../store.ts";
import type { Room } from "./room.ts";

/** What a watcher is made with. */
export interface WatcherInit {
  readonly room: Room;
  /** Which of the room's stores. */
  readonly store: number;
  /** The version after which to begin. */
  readonly from: number;
  readonly signal: AbortSignal | undefined;
  /** Whether it is over: quietly, or with an error. */
  readonly over: () => StoreError | "closed" | undefined;
  /** Calls back when `over` may answer something else. */
  readonly whenOver: (look: () => void) => Disposable;
}

/**
 * Follows the changes of a store. It keeps no changes of its own, only how far it has come in the
 * room's history: a reader that is too slow is told to resync.
 */
export async function* watchStore<View, Event>(
  init: WatcherInit,
): AsyncGenerator<StoreChange<View, Event>> {
  const { room, store, signal } = init;
  let seen = init.from;
  let next = room.history.after(seen);
  for (;;) {
    const over = init.over();
    if (signal?.aborted || over === "closed") return;
    if (over !== undefined) throw over;
    const happening = next === "forgotten" ? next : room.history.at(next);
    if (happening === undefined) await stirred(init);
    else if (happening === "forgotten") {
      next = room.history.next;
      const version = room.state.versions[store] ?? 0;
      if (version <= seen) continue;
      seen = version;
      yield { kind: "resync", version, view: captured<View>(room.state.machines[store]) };
    } else {
      next = Number(next) + 1;
      if (happening.store !== store || happening.version <= seen) continue;
      seen = happening.version;
      // The machine of this store told these events: they are of its definition.
      yield { kind: "changed", version: seen, changes: happening.events as readonly Event[] };
    }
  }
}

/** What the readers of a store are shown: its machine, captured, as its definition says. */
function captured<View>(machine: Machine<unknown> | undefined): View {
  return machine?.capture() as View;
}

async function stirred({ room, signal, whenOver }: WatcherInit): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => resolve();
  const stirring = room.stirred.subscribe(look, look);
  const ending = whenOver(look);
  signal?.addEventListener("abort", look);
  try {
    await promise;
  } finally {
    stirring[Symbol.dispose]();
    ending[Symbol.dispose]();
    signal?.removeEventListener("abort", look);
  }
}
