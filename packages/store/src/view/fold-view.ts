import type { PeerPredicate } from "@mosaik/streams";
import { reaches } from "../replay/core/position.ts";
import type { Replay } from "../replay/replay.ts";
import { snapshotWaitMs } from "./config.ts";
import type { ViewState } from "./core/entries.ts";
import { encodeEntry } from "./core/entry-frames.ts";
import { Fold } from "./core/fold.ts";
import type { ViewDefinition } from "./define-view.ts";
import type { ViewEnvironment } from "./shell/environment.ts";
import { Mending } from "./shell/mending.ts";
import { Published } from "./shell/published.ts";
import { SavedStates } from "./shell/saved-states.ts";
import type { Serving, ViewDesk } from "./shell/view-desk.ts";
import { ViewSource } from "./shell/view-source.ts";
import { ViewHandle } from "./view-handle.ts";
import type { FoldOptions } from "./views.ts";

/** A view that is folded here. */
export class FoldedView<Item, Value> extends ViewHandle<Item, Value> {
  readonly #environment: ViewEnvironment;
  override readonly definition: ViewDefinition<Item, Value>;
  readonly #options: FoldOptions;
  readonly #fold: Fold<Item, Value>;
  readonly #onClose: () => void;
  #replay: Replay<Item> | undefined;
  #source: ViewSource<Value> | undefined;
  #serving: Serving | undefined;
  #mending: Mending<Item, Value> | undefined;
  #saved: SavedStates<Item, Value> | undefined;
  /** Nothing is folded until then: a better state is about to be taken over. */
  #pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  #isTelling = false;
  #closed = false;

  constructor(
    environment: ViewEnvironment,
    desk: ViewDesk,
    definition: ViewDefinition<Item, Value>,
    options: FoldOptions,
    onClose: () => void,
  ) {
    super(new Published(definition.codec));
    this.#environment = environment;
    this.definition = definition;
    this.#options = options;
    this.#onClose = onClose;
    const log = environment.context.log.child(definition.name);
    this.#fold = new Fold(definition, (error) => log.error("an item cannot be folded", { error }));
    const { storage } = options;
    if (storage === undefined) this.#begin(desk);
    else {
      const { clock, random } = environment.context;
      const state = (): ViewState<Value> => this.#fold.snapshot();
      this.#saved = new SavedStates({ storage, definition, clock, random, log, state });
      void this.#resume(desk, this.#saved);
    }
  }

  protected override get kind(): "folded" {
    return "folded";
  }

  protected override get lag(): number | undefined {
    return this.#replay?.lag;
  }

  override async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    this.#source?.close();
    this.#mending?.close();
    this.#pause?.end();
    this.#serving?.[Symbol.dispose]();
    await this.#replay?.close();
    await this.#saved?.close();
    this.published.close();
  }

  /** Goes on from the state that was saved, where there is one. */
  async #resume(desk: ViewDesk, saved: SavedStates<Item, Value>): Promise<void> {
    const state = await saved.load();
    if (this.#closed) return;
    if (state === undefined) return this.#begin(desk);
    this.#adopt(state);
    this.#run(desk);
    this.#mend();
  }

  #adopt(state: ViewState<Value>): void {
    this.#fold.restore(state);
    this.published.publish(this.#fold.snapshot(), "all");
    this.#saved?.changed();
  }

  /** Waits, not for long, for a state to go on from, where one of others will do. */
  #begin(desk: ViewDesk): void {
    const { fromSnapshot = true } = this.#options;
    if (fromSnapshot === false) return this.#run(desk);
    const { context } = this.#environment;
    let isOver = false;
    const begin = (state?: ViewState<Value>): void => {
      if (isOver || this.#closed) return;
      isOver = true;
      timer.cancel();
      source.close();
      if (state !== undefined) this.#adopt(state);
      this.#run(desk);
    };
    const source = new ViewSource<Value>({
      environment: this.#environment,
      id: this.definition.id,
      codec: this.definition.codec,
      servers: this.#believed,
      onState: (state) => begin(state),
    });
    this.#source = source;
    const timer = context.clock.after(snapshotWaitMs, () => begin());
  }

  /** Whose states are taken over. */
  get #believed(): PeerPredicate {
    const { fromSnapshot } = this.#options;
    return typeof fromSnapshot === "function" ? fromSnapshot : () => true;
  }

  /** Folds from where it is. */
  #run(desk: ViewDesk): void {
    const { producers, serve = true } = this.#options;
    const replay = this.#environment.replay.consume(this.definition.from, {
      from: { position: this.#fold.snapshot().version },
      own: true,
      ...(producers !== undefined && { producers }),
    });
    this.#replay = replay;
    void this.#read(replay);
    void this.#readyWhenLive(replay, () => {
      if (serve === false) return;
      const accept = serve === true ? () => true : serve;
      this.#serving = desk.serve(this.definition.id, this.#served(), accept);
    });
  }

  async #read(replay: Replay<Item>): Promise<void> {
    for await (const delivery of replay.deliveries()) {
      await this.#pause?.over;
      if (this.#closed) return;
      this.#fold.take(delivery);
      this.#tellSoon();
    }
  }

  /** Ready once it is live and has folded what had come until then; without producers, in time. */
  async #readyWhenLive(replay: Replay<Item>, then: () => void): Promise<void> {
    const { clock } = this.#environment.context;
    const late = new AbortController();
    const timer = clock.after(snapshotWaitMs, () => late.abort());
    try {
      await replay.when.live({ signal: late.signal }).then(
        () => {},
        () => {},
      );
    } finally {
      timer.cancel();
    }
    if (this.#closed) return;
    this.published.ready();
    then();
  }

  #served() {
    const { codec } = this.definition;
    const state = (): ViewState<Value> => this.published.state;
    return {
      get keys(): string[] {
        return [...state().entries.entries()].map(([key]) => key);
      },
      get version() {
        return state().version;
      },
      get missed() {
        return state().missed;
      },
      frameOf: (key: string) => encodeEntry({ key, value: state().entries.get(key) }, codec),
    };
  }

  /** Publishes, once for all that was folded in a turn. */
  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#environment.context.clock.soon(() => {
      this.#isTelling = false;
      if (this.#closed) return;
      const changed = this.#fold.takeChanged();
      this.published.publish(this.#fold.snapshot(), changed);
      this.#saved?.changed();
      this.#serving?.changed(changed);
      this.#mend();
    });
  }

  /** Looks for a better state as long as items are missing in this one. */
  #mend(): void {
    const { missed } = this.#fold;
    if (missed === 0) this.#mending?.close();
    if (missed === 0) this.#mending = undefined;
    else
      this.#mending ??= new Mending({
        environment: this.#environment,
        definition: this.definition,
        producers: this.#options.producers,
        servers: this.#believed,
        missed: () => this.#fold.missed,
        onState: (state) => this.#consider(state),
      });
  }

  /**
   * Takes over a state in which fewer items are missing, once all that was folded here is in it: for
   * that the fold stands still, not for long. What it has beyond is passed over when it goes on.
   */
  #consider(state: ViewState<Value>): void {
    if (this.#closed || state.missed >= this.#fold.missed) return;
    this.#pause ??= this.#paused();
    if (!reaches(state.version, this.#fold.version)) return;
    const before = [...this.published.state.entries.keys()];
    this.#adopt(state);
    this.#serving?.changed(new Set([...before, ...state.entries.keys()]));
    this.#pause.end();
    this.#mend();
  }

  #paused(): { readonly over: Promise<void>; readonly end: () => void } {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const end = (): void => {
      timer.cancel();
      this.#pause = undefined;
      resolve();
    };
    const timer = this.#environment.context.clock.after(snapshotWaitMs, end);
    return { over, end };
  }
}
