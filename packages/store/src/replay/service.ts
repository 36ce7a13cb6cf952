import type { Discovery } from "@mosaik/discovery";
import type { StreamId } from "@mosaik/primitives";
import {
  itemEncoder,
  type Producer,
  type StreamDefinition,
  type StreamIdentity,
  type Streams,
} from "@mosaik/streams";
import type { ServiceFactory } from "@mosaik/transport";
import { KeepersSection } from "../diagnostics.ts";
import { StoreError } from "../errors.ts";
import { version } from "../version.ts";
import { checkLimits, KeeperHandle } from "./keeper.ts";
import { ReplayHandle } from "./reader.ts";
import type { Greeting, Keeper, KeepOptions, Replay, ReplayOptions, Replays } from "./replay.ts";
import { Desk } from "./shell/desk.ts";
import type { ReplayEnvironment } from "./shell/environment.ts";

/**
 * The history of streams, for `createNetwork`: keeps it, serves it, and reads it.
 *
 * @example
 * ```ts
 * import { replay } from "@mosaik/store";
 *
 * console.log(replay().needs); // [ 'discovery', 'streams' ]
 * ```
 */
export function replay(): ServiceFactory<Replays, { discovery: Discovery; streams: Streams }> {
  return {
    package: { name: "@mosaik/store", version },
    needs: ["discovery", "streams"],
    create: (context, { discovery, streams }) => new ReplayService({ context, discovery, streams }),
  };
}

class ReplayService implements Replays {
  readonly #environment: ReplayEnvironment;
  readonly #desk: Desk;
  readonly #keeping = new Set<StreamId>();
  readonly #keepers = new Set<KeeperHandle>();
  readonly #readers = new Set<{ close(): Promise<void> }>();
  #closing: Promise<void> | undefined;

  constructor(environment: ReplayEnvironment) {
    this.#environment = environment;
    this.#desk = new Desk(environment);
    environment.context.diagnostics.describe(KeepersSection, () =>
      Object.fromEntries([...this.#keepers].map(({ stream, insight }) => [stream.id, insight])),
    );
  }

  async keep(stream: StreamIdentity, options: KeepOptions = {}): Promise<Keeper> {
    this.#checkOpen();
    checkLimits(options);
    if (this.#keeping.has(stream.id)) {
      throw new StoreError("STORE_KEEPER_EXISTS", `'${stream.name}' is kept here already`);
    }
    this.#keeping.add(stream.id);
    try {
      const room = await options.storage?.open(stream.id);
      if (this.#closing !== undefined) await room?.close();
      this.#checkOpen();
      const keeper = new KeeperHandle(
        this.#environment,
        this.#desk,
        stream,
        { ...options, room },
        () => {
          this.#keeping.delete(stream.id);
          this.#keepers.delete(keeper);
        },
      );
      this.#keepers.add(keeper);
      return keeper;
    } catch (error) {
      this.#keeping.delete(stream.id);
      throw error;
    }
  }

  consume<Item>(definition: StreamDefinition<Item>, options: ReplayOptions = {}): Replay<Item> {
    this.#checkOpen();
    const reader = new ReplayHandle(this.#environment, definition, options, () =>
      this.#readers.delete(reader),
    );
    this.#readers.add(reader);
    return reader;
  }

  greet<Item>(producer: Producer<Item>, greeting: Greeting<Item>): Disposable {
    this.#checkOpen();
    const { definition } = producer;
    if (this.#desk.greets(definition.id)) {
      const message = `newcomers of '${definition.name}' are greeted already`;
      throw new StoreError("STORE_GREETING_EXISTS", message);
    }
    const encode = itemEncoder(definition);
    return this.#desk.greet(definition, {
      greet: (newcomer) => {
        const items = greeting(newcomer);
        return { place: producer.position, items: encoded(items, encode) };
      },
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    for (const reader of [...this.#readers]) void reader.close();
    await Promise.all([...this.#keepers].map((keeper) => keeper.close()));
    this.#desk.close();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) {
      throw new StoreError("STORE_CLOSED", "the replay service is closed");
    }
  }
}

function* encoded<Item>(
  items: Iterable<Item>,
  encode: (item: Item) => Uint8Array,
): Generator<Uint8Array> {
  for (const item of items) yield encode(item);
}
