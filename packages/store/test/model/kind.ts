import { type Schema, superjsonCodec } from "@mosaik/primitives";
import fc from "fast-check";
import { z } from "zod";
import type { Change, Machine } from "../../src/machines/machine.ts";
import { encodeArgument } from "../../src/machines/updates.ts";
import { Values } from "../../src/machines/values.ts";

/** A value of the tests: 13 fits no schema. */
export type Item = number | { readonly n: number };
export const badItem = 13;

export const itemSchema: Schema<Item> = z.union([
  z.number().refine((value) => value !== badItem),
  z.object({ n: z.number() }),
]);
export const keySchema: Schema<string | number> = z.union([z.string(), z.number()]);
export const values: Values<Item> = new Values(superjsonCodec as never, itemSchema); // the schema checks

/** The updates of the tests: one that counts, one that removes, one that throws, one that spoils. */
export const updates = {
  plus: (item: Item | undefined, by: number): Item =>
    typeof item === "object" ? { n: item.n + by } : (item ?? 0) + by,
  drop: (): undefined => undefined,
  fail: (): never => {
    throw new Error("meant");
  },
  spoil: (): Item => badItem,
};

/** What became of a change, in plain values. */
export type Told =
  | "refused"
  | { readonly applied: boolean; readonly previous?: Item | undefined; readonly more?: unknown };

/** What a kind of collection should be, written with what the language has. */
export interface Model<Event> {
  apply(change: Plain): Told;
  content(): unknown;
  /** Carries out what an event says, on a copy. */
  follow(event: Event): void;
}

/** A change whose values are not encoded yet. */
export type Plain = readonly [name: string, ...parts: unknown[]];

/** A value in a plain change, that travels as bytes. */
export class Packed {
  readonly item: Item;
  constructor(item: Item) {
    this.item = item;
  }
}

/** A kind under test. */
export interface Kind<State extends Machine<Event>, Event> {
  readonly name: string;
  machine(): State;
  model(): Model<Event>;
  readonly change: fc.Arbitrary<Plain>;
  /** All that the machine shows. */
  content(machine: State): unknown;
}

export const key: fc.Arbitrary<string | number> = fc.oneof(
  fc.constantFrom("a", "b", "c", "", "aa"),
  fc.constantFrom(-1, 0, -0, 1, 2, 1e9),
);
export const item: fc.Arbitrary<Packed> = fc
  .oneof(
    { weight: 20, arbitrary: fc.constantFrom<Item>(0, 1, 2, { n: 1 }, { n: 2 }) },
    { weight: 1, arbitrary: fc.constant(badItem) },
  )
  .map((each) => new Packed(each));
export const update: fc.Arbitrary<[string, number]> = fc.tuple(
  fc.constantFrom("plus", "plus", "plus", "drop", "fail", "spoil", "missing", "toString"),
  fc.integer({ min: -2, max: 2 }),
);

/** A change as it travels. */
export function encodePlain([name, ...parts]: Plain): Change {
  return [name, ...parts.map(encodePart)];
}

function encodePart(part: unknown): unknown {
  if (part instanceof Packed) return superjsonCodec.encode(part.item);
  if (part instanceof Argument) return encodeArgument(part.value);
  return Array.isArray(part) ? part.map(encodePart) : part;
}

/** What an update is given, in a plain change. */
export class Argument {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** What an update makes of an item; `refused` where it throws or there is none of that name. */
export function updated(
  name: unknown,
  before: Item | undefined,
  by: Argument,
): Item | undefined | "refused" {
  const known = Object.hasOwn(updates, String(name));
  if (!known || name === "fail" || name === "spoil") return "refused";
  const next = name === "plus" ? updates.plus(before, by.value) : undefined;
  return next === badItem ? "refused" : next;
}

/** Whether two items count as the same. */
export function alike(one: Item | undefined, other: Item | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The order of keys, written otherwise than in the sources. */
export function inOrder(a: string | number, b: string | number): number {
  if (typeof a === typeof b) return a < b ? -1 : Number(a > b);
  return typeof a === "number" ? -1 : 1;
}

/** Whether any item in a change fits no schema. */
export function isBad(part: unknown): boolean {
  if (part instanceof Packed) return part.item === badItem;
  return Array.isArray(part) && part.some(isBad);
}
