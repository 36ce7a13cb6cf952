import type { Print } from "../core/print.ts";

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
}

/** A part of a saved state, of what msgpack can say. */
export type SavedItem = readonly unknown[];
