import { sharedStoresMax } from "./config.ts";
import { type StoreDefinition, type StoreInit, signatureOf } from "./definition.ts";
import type { Operation, ResultsOf } from "./operation.ts";
import { carryOut, type StoreAccess } from "./shell/store-access.ts";
import type { WriteOptions } from "./store.ts";

/** Definitions by the names that their stores are used under. */
export type StoreDefinitions = Readonly<Record<string, StoreDefinition<unknown, unknown, unknown>>>;

/** The readers of several stores that share a group. Closing one, or all, closes them together. */
export type StoresReader<Parts extends StoreDefinitions> = AsyncDisposable & {
  readonly stores: {
    readonly [Name in keyof Parts]: Parts[Name] extends StoreDefinition<
      infer Reader,
      infer _,
      infer _
    >
      ? Reader
      : never;
  };
  /** Lets go of the handle; with the last one the member stops. Idempotent. */
  close(): Promise<void>;
};

/** The writers of several stores that share a group. Closing one, or all, closes them together. */
export type StoresWriter<Parts extends StoreDefinitions> = AsyncDisposable & {
  readonly stores: {
    readonly [Name in keyof Parts]: Parts[Name] extends StoreDefinition<
      infer _,
      infer Writer,
      infer _
    >
      ? Writer
      : never;
  };
  /** Lets go of the handle; with the last one the member stops. Idempotent. */
  close(): Promise<void>;
  /**
   * Carries out changes of several stores as one: all of them or, where one is refused, none.
   *
   * @throws StoreError as every write; `STORE_CHANGE_TOO_LARGE` from 512 KiB on.
   */
  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: BatchOf<Parts>) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>>;
};

/** What the changes of a batch are built with. */
export type BatchOf<Parts extends StoreDefinitions> = {
  readonly [Name in keyof Parts]: Parts[Name] extends StoreDefinition<infer _, infer _, infer Batch>
    ? Batch
    : never;
};

/**
 * Declares several stores that share one group: one leader, one log, one set of connections, and
 * batches across all of them. For stores that are small, or that change together. Makes nothing yet.
 *
 * @throws `TypeError` where a store's durability is another; `RangeError` where there are none or more
 * than 64, or the name has not 1 to 128 characters.
 * @example
 * ```ts
 * import { defineList, defineMap, defineStores } from "@mosaik/store";
 * import { z } from "zod";
 *
 * const durability = "memory";
 * const Shop = defineStores({
 *   name: "shop",
 *   durability,
 *   stores: {
 *     stock: defineMap({ name: "stock", durability, key: z.string(), value: z.number() }),
 *     orders: defineList({ name: "orders", durability, value: z.string() }),
 *   },
 * });
 * console.log(Shop.stores.length); // 2
 * ```
 */
export function defineStores<const Parts extends StoreDefinitions>(
  init: StoreInit & { readonly stores: Parts },
): StoreDefinition<StoresReader<Parts>, StoresWriter<Parts>> {
  const names = Object.keys(init.stores).sort();
  const parts = names.map((name) => init.stores[name] as StoreDefinition<unknown, unknown>); // its own name
  if (names.length === 0 || names.length > sharedStoresMax) {
    throw new RangeError(`1 to ${sharedStoresMax} stores share a group`);
  }
  for (const { name, durability, stores } of parts) {
    if (durability !== init.durability || stores.length !== 1) {
      throw new TypeError(`'${name}' is not one store of the durability '${init.durability}'`);
    }
  }
  const signatures = parts.map(({ signature }, at) => `${names[at]} ${signature}`);
  const each = (access: StoreAccess, kind: "reader" | "writer"): Record<string, unknown> =>
    named(names, (at) => {
      const part = parts[at];
      return part?.[kind]({ ...access, name: part.name, store: at });
    });
  const closing = ({ group }: StoreAccess): AsyncDisposable & { close(): Promise<void> } => ({
    close: () => group.close(),
    [Symbol.asyncDispose]: () => group.close(),
  });
  // The names and kinds are those of the definitions: what TypeScript cannot follow through a loop.
  const batchOf = named(names, (at) => parts[at]?.batch(at)) as BatchOf<Parts>;
  return {
    name: init.name,
    kind: "stores",
    durability: init.durability,
    signature: signatureOf("stores", init, ...signatures),
    stores: parts.flatMap(({ stores }) => stores),
    reader: (access) =>
      ({ ...closing(access), stores: each(access, "reader") }) as StoresReader<Parts>,
    writer: (access) =>
      ({
        ...closing(access),
        stores: each(access, "writer"),
        batch: async (
          build: (to: BatchOf<Parts>) => readonly Operation<unknown>[],
          options?: WriteOptions,
        ) => carryOut(access, build(batchOf), options),
      }) as StoresWriter<Parts>,
    batch: () => undefined,
  };
}

function named(names: readonly string[], make: (at: number) => unknown): Record<string, unknown> {
  return Object.fromEntries(names.map((name, at) => [name, make(at)]));
}
