import type { Schema } from "@mosaik/primitives";
import { compareKeys, type StoreKey } from "../core/keys.ts";
import { addPrints, noPrint, type Print, Printer, subtractPrints } from "../core/print.ts";
import { type KeyRange, SortedTree } from "../sorted-tree.ts";
import {
  type Change,
  type Content,
  type Edit,
  type Machine,
  type Outcome,
  Refusal,
  type SavedItem,
  type ShownItem,
} from "./machine.ts";
import { keyOf, listOf } from "./values.ts";

/** What happened to a set. */
export type SetEvent<Value> =
  | { readonly kind: "added"; readonly value: Value }
  | { readonly kind: "removed"; readonly value: Value }
  | { readonly kind: "cleared" };

/** A set, sorted. */
export class SetMachine<Value extends StoreKey> implements Machine<SetEvent<Value>> {
  readonly #schema: Schema<Value>;
  readonly #tree: SortedTree<Value, undefined>;
  #print: Print;

  constructor(
    schema: Schema<Value>,
    tree: SortedTree<Value, undefined> = new SortedTree<Value, undefined>(compareKeys),
    print: Print = noPrint,
  ) {
    this.#schema = schema;
    this.#tree = tree;
    this.#print = print;
  }

  get size(): number {
    return this.#tree.size;
  }

  get print(): Print {
    return this.#print;
  }

  has(value: Value): boolean {
    return this.#tree.has(value);
  }

  values(range?: KeyRange<Value>): IterableIterator<Value> {
    return this.#tree.keys(range);
  }

  [Symbol.iterator](): IterableIterator<Value> {
    return this.values();
  }

  get content(): Content {
    return { keys: this.#schema };
  }

  *show(from?: StoreKey): Generator<ShownItem> {
    const range = from === undefined ? {} : { from: from as Value }; // compared as any key
    for (const key of this.#tree.keys(range)) yield { key };
  }

  edit({ kind, key }: Edit): Change {
    return [kind === "put" ? "add" : "remove", key];
  }

  apply([name, ...parts]: Change, events: SetEvent<Value>[]): Outcome {
    switch (name) {
      case "add":
        return { applied: this.#add(keyOf(parts[0], this.#schema), events) };
      case "remove":
        return { applied: this.#remove(keyOf(parts[0], this.#schema), events) };
      case "add-many":
        return this.#many(parts[0], (value) => this.#add(value, events));
      case "remove-many":
        return this.#many(parts[0], (value) => this.#remove(value, events));
      case "clear": {
        const applied = this.size > 0;
        this.#tree.clear();
        this.#print = noPrint;
        if (applied) events.push({ kind: "cleared" });
        return { applied };
      }
      default:
        throw new Refusal(`a set knows no '${name}'`);
    }
  }

  capture(): SetMachine<Value> {
    return new SetMachine(this.#schema, this.#tree.clone(), this.#print);
  }

  *save(): Generator<SavedItem> {
    for (const [value] of this.#tree.entries()) yield [value];
  }

  load([value]: SavedItem): void {
    this.#add(keyOf(value, this.#schema), []);
  }

  #many(part: unknown, each: (value: Value) => boolean): Outcome {
    const values = listOf(part).map((value) => keyOf(value, this.#schema));
    const count = values.filter(each).length;
    return { applied: count > 0, more: [count] };
  }

  #add(value: Value, events: SetEvent<Value>[]): boolean {
    if (this.#tree.has(value)) return false;
    this.#tree.set(value, undefined);
    this.#print = addPrints(this.#print, printOf(value));
    events.push({ kind: "added", value });
    return true;
  }

  #remove(value: Value, events: SetEvent<Value>[]): boolean {
    if (!this.#tree.delete(value)) return false;
    this.#print = subtractPrints(this.#print, printOf(value));
    events.push({ kind: "removed", value });
    return true;
  }
}

function printOf(value: StoreKey): Print {
  return new Printer().key(value).finish();
}
