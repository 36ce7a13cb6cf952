import { type StoreDefinition, signatureOf } from "./definition.ts";
import { CellOperations, CellReading, CellWriting } from "./handles/cell-handle.ts";
import { type CellEvent, CellMachine } from "./machines/cell-machine.ts";
import type { UpdateArgument, Updates } from "./machines/updates.ts";
import type { Mode, Operation, Options, ResultsOf, Written } from "./operation.ts";
import { OperationMaker } from "./operation-maker.ts";
import type { Outcome, Store, WriteOptions } from "./store.ts";
import { type ValuesInit, valueRules } from "./values-init.ts";

/** What a cell shows. A value is shared and frozen: copy it to change it. */
export interface CellView<Value> {
  /** The value; absent where there is none. */
  readonly value: Value | undefined;
}

/** How to change a cell, at once or in a batch. */
export interface CellWrites<Value, Known extends Updates<Value>, How extends Mode> {
  set(value: Value, ...options: Options<How>): Written<How, Outcome<Value>>;
  /** Replaces the value where it is the one expected; `undefined` stands for none. */
  compareAndSet(
    expected: Value | undefined,
    next: Value | undefined,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Changes the value by an update of the definition, at the place that the leader gives it. */
  update<Name extends keyof Known & string>(
    name: Name,
    argument: UpdateArgument<Known[Name]>,
    ...options: Options<How>
  ): Written<How, Outcome<Value>>;
  /** Takes the value out. */
  clear(...options: Options<How>): Written<How, Outcome<Value>>;
}

/** A cell for who only reads. */
export interface CellReader<Value>
  extends Store<CellView<Value>, CellEvent<Value>>,
    CellView<Value> {}

/** A cell for who writes. */
export interface CellWriter<Value, Known extends Updates<Value> = Updates<Value>>
  extends CellReader<Value>,
    CellWrites<Value, Known, "now"> {
  /** Carries out several changes as one. @throws as every write */
  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: CellWrites<Value, Known, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>>;
}

/**
 * Declares a cell: one value, or none. Makes nothing yet: all members import the declaration.
 *
 * @throws `RangeError` where the name has not 1 to 128 characters, or the version is not a whole number
 * from 0 to 65535.
 * @example
 * ```ts
 * import { defineCell } from "@mosaik/store";
 * import { z } from "zod";
 *
 * const Motd = defineCell({ name: "motd", durability: "memory", value: z.string() });
 * console.log(Motd.kind); // cell
 * ```
 */
export function defineCell<Value, const Known extends Updates<Value> = Record<never, never>>(
  init: ValuesInit<Value, Known>,
): StoreDefinition<CellReader<Value>, CellWriter<Value, Known>, CellWrites<Value, Known, "batch">> {
  const { values, updates, codecId, updateNames } = valueRules(init);
  const rules = { values, updates, once: false };
  const batch = (store: number): CellOperations<Value, Known> =>
    new CellOperations(new OperationMaker(store, rules));
  const { name, durability } = init;
  const kind = "cell";
  return {
    name,
    kind,
    durability,
    signature: signatureOf(kind, init, codecId, ...updateNames),
    stores: [{ name, kind, machine: () => new CellMachine<Value>(rules) }],
    reader: (access) => new CellReading(access),
    writer: (access) => new CellWriting(access, batch(access.store)),
    batch,
  };
}
