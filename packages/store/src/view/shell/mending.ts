import type { Digest, StreamId } from "@mosaik/primitives";
import type { PeerPredicate } from "@mosaik/streams";
import type { Replay } from "../../replay/replay.ts";
import type { ViewState } from "../core/entries.ts";
import { Fold } from "../core/fold.ts";
import type { ViewDefinition } from "../define-view.ts";
import type { ViewEnvironment } from "./environment.ts";
import { ViewSource } from "./view-source.ts";

/** What a mending is made of. */
export interface MendingInit<Item, Value> {
  readonly environment: ViewEnvironment;
  readonly definition: ViewDefinition<Item, Value>;
  readonly producers: PeerPredicate | undefined;
  /** Whose states are taken over. */
  readonly servers: PeerPredicate;
  /** How many items are missing here. */
  readonly missed: () => number;
  /** A state in which fewer are. */
  readonly onState: (state: ViewState<Value>) => void;
}

/**
 * Looks for a state of a view in which fewer items are missing than in the one here: of a node that
 * serves it, whenever others do than before, and folded anew from the start, when a keeper came.
 */
export class Mending<Item, Value> {
  readonly #init: MendingInit<Item, Value>;
  readonly #watching: Disposable;
  #servers = "";
  #keepers: string;
  #source: ViewSource<Value> | undefined;
  #replay: Replay<Item> | undefined;
  #closed = false;

  constructor(init: MendingInit<Item, Value>) {
    this.#init = init;
    const { discovery, context } = init.environment;
    this.#keepers = this.#offering("stream.keeper", init.definition.from.id);
    this.#watching = discovery.catalog.subscribe(() => this.#look());
    context.clock.soon(() => this.#look());
  }

  close(): void {
    this.#closed = true;
    this.#watching[Symbol.dispose]();
    this.#source?.close();
    void this.#replay?.close();
  }

  #look(): void {
    if (this.#closed) return;
    const { definition } = this.#init;
    const servers = this.#offering("view.server", definition.id);
    const keepers = this.#offering("stream.keeper", definition.from.id);
    if (servers !== this.#servers) this.#follow();
    if (keepers !== this.#keepers) void this.#refold();
    this.#servers = servers;
    this.#keepers = keepers;
  }

  /** Who else offers something, as a text. */
  #offering(kind: string, id: Digest | StreamId): string {
    const { discovery, context } = this.#init.environment;
    const peers = discovery.catalog.value.offering(kind, id).map(({ peer }) => peer);
    return peers
      .filter((peer) => peer !== context.peer)
      .sort()
      .join();
  }

  #follow(): void {
    const { environment, definition, servers, missed, onState } = this.#init;
    const { id, codec } = definition;
    const { peer: self } = environment.context;
    this.#source?.close();
    const source = new ViewSource<Value>({
      environment,
      id,
      codec,
      servers: (info) => info.peer !== self && servers(info),
      onState: (state) => {
        if (state.missed < missed()) onState(state);
        else source.close(); // until others serve it
      },
    });
    this.#source = source;
  }

  async #refold(): Promise<void> {
    const { environment, definition, producers, missed, onState } = this.#init;
    await this.#replay?.close();
    if (this.#closed) return;
    const fold = new Fold(definition, () => {}); // what cannot be folded was told before
    const replay = environment.replay.consume(definition.from, {
      from: "start",
      own: true,
      ...(producers !== undefined && { producers }),
    });
    this.#replay = replay;
    const offer = (): void => {
      const isThere = replay.lag === 0 && replay.when.live().met;
      if (isThere && fold.missed < missed()) onState(fold.snapshot());
    };
    replay.when.live().then(offer, () => {}); // it was closed before
    for await (const delivery of replay.deliveries()) {
      fold.take(delivery);
      if (fold.missed >= missed()) break;
      offer();
    }
    await replay.close();
  }
}
