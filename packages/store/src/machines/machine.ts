import type { Schema } from "@mosaik/primitives";
import type { StoreKey } from "../core/keys.ts";
import type { Print } from "../core/print.ts";
import type { Values } from "./values.ts";

/**
 * A change that a collection is asked for: its name and what it needs, as it travels. Values are
 * bytes of the definition's codec.
 */
export type Change = readonly [name: string, ...parts: unknown[]];

/** What a machine did. */
export interface Outcome {
  /** Whether it changed anything that was asked for. */
  readonly applied: boolean;
  /** What was there before, encoded; absent where nothing was. */
  readonly previous?: Uint8Array | undefined;
  /** What else the asker is told. */
  readonly more?: readonly unknown[] | undefined;
}

/** Nothing was changed. */
export const notApplied: Outcome = { applied: false };

/** What the items of a collection are made of. */
export interface Content {
  /** Absent where items have no keys; those of a list are indices. */
  readonly keys?: Schema<StoreKey>;
  /** Absent where items are keys alone. */
  readonly values?: Values<unknown>;
}

/** An item as inspectors are shown it: with what its kind has. */
export interface ShownItem {
  readonly key?: StoreKey;
  readonly value?: unknown;
  readonly priority?: number;
}

/** What an inspector would have an item be: there, with an encoded value where its kind has any, or gone. */
export interface Edit {
  readonly kind: "put" | "remove";
  readonly key: StoreKey | undefined;
  readonly value: Uint8Array | undefined;
  readonly priority: number | undefined;
}

/** Refuses a change, on every member alike. Whoever refuses has changed nothing. */
export class Refusal extends Error {
  override readonly name: string = "Refusal";
}

/**
 * The state of one collection and how it changes: synchronous and deterministic. The same changes in
 * the same order give the same state, outcomes and events, on every member.
 *
 * 1. Total: whatever arrives is carried out whole or refused with a {@link Refusal}, and then nothing
 *    has changed.
 * 2. `print` and the items of `save` follow from the content alone, not from how it came about.
 * 3. `capture` takes no time, whatever the size; a later change of either is none of the other.
 */
export interface Machine<Event> {
  /** How many items it holds. */
  readonly size: number;
  /** The fingerprint of the content. */
  readonly print: Print;
  /** Carries out a change; adds what happened to `events`. @throws Refusal */
  apply(change: Change, events: Event[]): Outcome;
  /** The same state, apart from this one. */
  capture(): Machine<Event>;
  /** The content, item by item, in its order. Take it of a captured state. */
  save(): Iterable<SavedItem>;
  /** Takes a saved item in, after those before it. @throws Refusal */
  load(item: SavedItem): void;
  /** What its keys must be, and how its values travel. */
  readonly content: Content;
  /** The items as they are now, in the order of their keys, from a key on. */
  show(from?: StoreKey): Iterable<ShownItem>;
  /** The change that does an edit. @throws Refusal where its kind has none */
  edit(edit: Edit): Change;
}

/** A part of a saved state, of what msgpack can say. */
export type SavedItem = readonly unknown[];
