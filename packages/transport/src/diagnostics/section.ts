import type { Schema } from "@mosaik/primitives";
import * as v from "valibot";

/** A part of what a node tells of itself: its name, its version, and what it looks like. */
export interface Section<Value, Query = undefined> {
  /** Lower-case words with dots: `streams`, `groups.log`. */
  readonly name: string;
  /** Raised with every change that an older reader would not understand. */
  readonly version: number;
  /** Plain data: records, arrays, texts, numbers, booleans, bytes; no `null`. */
  readonly value: Schema<Value>;
  /** What may be asked. */
  readonly query: Schema<Query>;
}

/** Something that an inspector with the grant to write may have a node do. */
export interface Action<Input, Output> {
  readonly name: string;
  readonly version: number;
  readonly input: Schema<Input>;
  readonly output: Schema<Output>;
}

/**
 * Declares a section, for those who describe it and those who read it.
 *
 * @throws `RangeError` where the name is no lower-case words with dots, or the version is not a whole
 * number from 1 to 65535.
 * @example
 * ```ts
 * import { defineSection } from "@mosaik/transport";
 * import * as v from "valibot";
 *
 * const Cache = defineSection({ name: "cache", version: 1, value: v.object({ entries: v.number() }) });
 * console.log(Cache.name); // cache
 * ```
 */
export function defineSection<Value>(init: {
  readonly name: string;
  readonly version: number;
  readonly value: Schema<Value>;
}): Section<Value>;
export function defineSection<Value, Query>(init: {
  readonly name: string;
  readonly version: number;
  readonly value: Schema<Value>;
  readonly query: Schema<Query>;
}): Section<Value, Query>;
export function defineSection<Value>(
  init: Omit<Section<Value, unknown>, "query"> & { readonly query?: Schema },
): Section<Value, unknown> {
  checkName(init.name, init.version);
  return { query: v.undefined(), ...init };
}

/**
 * Declares an action, for those who carry it out and those who ask for it.
 *
 * @throws as {@link defineSection}.
 */
export function defineAction<Input, Output>(init: Action<Input, Output>): Action<Input, Output> {
  checkName(init.name, init.version);
  return init;
}

function checkName(name: string, version: number): void {
  if (!/^[a-z][a-z0-9-]{0,31}(\.[a-z0-9-]{1,32}){0,3}$/.test(name)) {
    throw new RangeError(`'${name}' is no name of a section: use lower-case words and dots`);
  }
  if (!Number.isInteger(version) || version < 1 || version > 0xffff) {
    throw new RangeError("a version is a whole number from 1 to 65535");
  }
}
