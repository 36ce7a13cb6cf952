import { type Codec, type Condition, condition, WatchSource } from "@mosaik/primitives";
import { type Position, reaches } from "../../replay/core/position.ts";
import type { KeyRange } from "../../sorted-tree.ts";
import { watchedKeysMax } from "../config.ts";
import { hashEntries, newEntries, type ViewState } from "../core/entries.ts";
import type { View, ViewChange } from "../views.ts";

interface Watcher {
  add(changed: ReadonlySet<string>, isResync: boolean): void;
  end(): void;
}

/** The states of a view as its readers have them, one after the other. */
export class Published<Value> {
  readonly when: View<Value>["when"];
  readonly #codec: Codec<Value>;
  readonly #state: WatchSource<ViewState<Value>>;
  readonly #ready = new WatchSource(false);
  readonly #watchers = new Set<Watcher>();

  constructor(codec: Codec<Value>) {
    this.#codec = codec;
    this.#state = new WatchSource<ViewState<Value>>({
      entries: newEntries<Value>(),
      version: new Map(),
      missed: 0,
    });
    this.when = {
      ready: (options): Condition => condition(this.#ready, (ready) => ready, options),
      complete: (options): Condition =>
        condition(this.#state, ({ missed }) => this.isReady && missed === 0, options),
      reaches: (version: Position, options): Condition =>
        condition(this.#state, (state) => reaches(state.version, version), options),
    };
  }

  get state(): ViewState<Value> {
    return this.#state.value;
  }

  get isReady(): boolean {
    return this.#ready.value;
  }

  /** The next state; `changed`: the keys that differ, `all` where nobody says which. */
  publish(state: ViewState<Value>, changed: ReadonlySet<string> | "all"): void {
    this.#state.set(state);
    for (const watcher of [...this.#watchers]) {
      watcher.add(changed === "all" ? new Set() : changed, changed === "all");
    }
  }

  ready(): void {
    if (this.isReady) return;
    this.#ready.set(true);
    this.#state.set({ ...this.state }); // for those who wait for both
  }

  entries(range?: KeyRange<string>): IterableIterator<[string, Value]> {
    return this.state.entries.entries(range);
  }

  hash(): string {
    return hashEntries(this.state.entries, this.#codec);
  }

  async *watch(signal: AbortSignal | undefined): AsyncGenerator<ViewChange<Value>> {
    let keys = new Set<string>();
    let isResync = false;
    let isOver = signal?.aborted === true;
    let wake = (): void => {};
    const watcher: Watcher = {
      add: (changed, resync) => {
        for (const key of changed) keys.add(key);
        isResync ||= resync || keys.size > watchedKeysMax;
        if (isResync) keys.clear();
        wake();
      },
      end: () => {
        isOver = true;
        wake();
      },
    };
    this.#watchers.add(watcher);
    signal?.addEventListener("abort", watcher.end, { once: true });
    try {
      while (!isOver) {
        if (keys.size > 0 || isResync) {
          const { entries, version } = this.state;
          const changed = new Map([...keys].map((key) => [key, entries.get(key)]));
          const change = { version, changed, isResync };
          keys = new Set();
          isResync = false;
          yield change;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      this.#watchers.delete(watcher);
      signal?.removeEventListener("abort", watcher.end);
    }
  }

  close(): void {
    for (const watcher of [...this.#watchers]) watcher.end();
    this.#state.close();
    this.#ready.close();
  }
}
