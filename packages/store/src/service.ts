import { defineMachine, type Groups, type Preference } from "@mosaik/groups";
import { digest } from "@mosaik/primitives";
import type { ServiceContext, ServiceFactory } from "@mosaik/transport";
import type { StoreDefinition } from "./definition.ts";
import { StoreError } from "./errors.ts";
import { describeStores, measureStores, type OpenStores } from "./shell/insight.ts";
import { Room } from "./shell/room.ts";
import { RoomMachine } from "./shell/room-machine.ts";
import { type StoreAccess, storeError } from "./shell/store-access.ts";
import type { OpenOptions, Stores } from "./stores.ts";
import { commandCodec, resultCodec } from "./wire.ts";

/**
 * Replicated collections over groups, for `createNetwork`.
 *
 * @example
 * ```ts
 * import { stores } from "@mosaik/store";
 *
 * console.log(stores().needs); // [ 'groups' ]
 * ```
 */
export function stores(): ServiceFactory<Stores, { groups: Groups }> {
  return { needs: ["groups"], create: (context, { groups }) => new StoresService(context, groups) };
}

class StoresService implements Stores {
  readonly #context: ServiceContext;
  readonly #groups: Groups;
  readonly #open = new Set<OpenStores>();
  #closing: Promise<void> | undefined;

  constructor(context: ServiceContext, groups: Groups) {
    this.#context = context;
    this.#groups = groups;
    describeStores(context, this.#open);
  }

  async writer<Reader, Writer>(
    definition: StoreDefinition<Reader, Writer>,
    options: OpenOptions & { readonly preference?: "normal" | "reluctant" },
  ): Promise<Writer> {
    const { durability, name } = definition;
    if (options.storage.durable !== (durability === "fsync")) {
      const what = options.storage.durable ? "durable" : "in memory";
      throw new TypeError(
        `'${name}' has the durability '${durability}', and its storage is ${what}`,
      );
    }
    const access = await this.#join(definition, options, options.preference ?? "normal");
    return definition.writer(access);
  }

  async reader<Reader, Writer>(
    definition: StoreDefinition<Reader, Writer>,
    options: OpenOptions,
  ): Promise<Reader> {
    return definition.reader(await this.#join(definition, options, "observer"));
  }

  close(): Promise<void> {
    this.#closing ??= Promise.all([...this.#open].map(({ access }) => access.group.close())).then(
      () => {},
    );
    return this.#closing;
  }

  async #join(
    { name, durability, signature, stores: parts }: StoreDefinition<unknown, unknown>,
    { key, storage, founders, minVoters, timings, limits, admit }: OpenOptions,
    preference: Preference,
  ): Promise<StoreAccess> {
    if (this.#closing !== undefined) {
      throw new StoreError("STORE_CLOSED", "the stores service is closed");
    }
    const own = new Room();
    const machine = defineMachine({
      name: machineName(signature),
      commandCodec,
      resultCodec,
      create: () =>
        new RoomMachine(
          own,
          parts.map((part) => part.machine()),
        ),
    });
    try {
      const group = await this.#groups.join({
        ...given({ founders, minVoters, timings, limits, admit }),
        key,
        storage,
        preference,
        machine,
      });
      // Where the node is a member already, the room is the one that its machine fills.
      const { value: room } = await group.query("room");
      const isReader = preference === "observer";
      const access = { name, durability, isReader, group, room, store: 0 };
      const open = { access, parts };
      this.#open.add(open);
      measureStores(this.#context, open);
      group.status.subscribe(
        () => {},
        () => this.#open.delete(open),
      );
      return access;
    } catch (error) {
      throw storeError(error);
    }
  }
}

/** A name for the machine of a signature: as long as a machine's name may be. */
function machineName(signature: string): string {
  return `mosaik/store/${digest("mosaik/store", signature)}`;
}

/** The options that were given: the others have defaults. */
function given<Options extends object>(options: Options): Present<Options> {
  const present = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Present<Options>; // exactly those of its entries
}

type Present<Options> = { [Name in keyof Options]?: Exclude<Options[Name], undefined> };
