import { storeNameMax } from "./config.ts";
import type { Machine } from "./machines/machine.ts";
import type { StoreAccess } from "./shell/store-access.ts";
import type { Durability } from "./store.ts";

/** What is common to the declarations of all kinds of store. */
export interface StoreInit {
  /** What it is called: 1 to 128 characters. */
  readonly name: string;
  /** Raise it with every change of a schema, a codec or what an update does. Default: 1. */
  readonly version?: number;
  readonly durability: Durability;
}

/** One store of those that a definition is made of. */
export interface StorePart {
  readonly name: string;
  readonly kind: string;
  readonly machine: () => Machine<unknown>;
}

/**
 * A store as all members know it. Made by `defineMap` and the like; members whose definitions differ
 * in name, version, kind, durability, codec or names of updates do not meet.
 */
export interface StoreDefinition<Reader, Writer, Batch = unknown> {
  readonly name: string;
  readonly kind: string;
  readonly durability: Durability;
  /** All that members must agree on, as a text. */
  readonly signature: string;
  /** The stores that it is made of: itself, where it is one. */
  readonly stores: readonly StorePart[];
  /** Makes the handle of who only reads. */
  readonly reader: (access: StoreAccess) => Reader;
  /** Makes the handle of who writes. */
  readonly writer: (access: StoreAccess) => Writer;
  /** Makes what builds the changes of a batch. */
  readonly batch: (store: number) => Batch;
}

/** Checks what is common, and puts together all that members must agree on. */
export function signatureOf(kind: string, init: StoreInit, ...more: readonly string[]): string {
  const { name, version = 1, durability } = init;
  if (name.length === 0 || name.length > storeNameMax) {
    throw new RangeError(`a store's name has 1 to ${storeNameMax} characters`);
  }
  if (!Number.isInteger(version) || version < 0 || version > 0xffff) {
    throw new RangeError("a store's version is a whole number from 0 to 65535");
  }
  if (durability !== "fsync" && durability !== "memory") {
    throw new TypeError("a store's durability is 'fsync' or 'memory'");
  }
  return JSON.stringify([kind, name, version, durability, ...more]);
}
