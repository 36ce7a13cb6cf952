import type { Schema } from "@mosaik/primitives";
import type { StoreKey } from "../core/keys.ts";
import { noPrint, type Print, Printer } from "../core/print.ts";
import { type Printed, Sequence } from "../core/sequence.ts";
import {
  type Change,
  type Content,
  type Edit,
  type Machine,
  notApplied,
  type Outcome,
  Refusal,
  type SavedItem,
  type ShownItem,
} from "./machine.ts";
import { runUpdate, type Updates } from "./updates.ts";
import { type Fitted, indexOf, isSame, listOf, type Values } from "./values.ts";

/** What happened to a list. Carry these out in their order, and a copy stays the same. */
export type ListEvent<Value> =
  | { readonly kind: "inserted"; readonly index: number; readonly values: readonly Value[] }
  | { readonly kind: "removed"; readonly index: number; readonly values: readonly Value[] }
  | {
      readonly kind: "set";
      readonly index: number;
      readonly value: Value;
      readonly previous: Value;
    }
  | { readonly kind: "cleared" };

/** What a list's machine is made with. */
export interface ListRules<Value> {
  readonly values: Values<Value>;
  readonly updates: Updates<Value>;
}

const indices: Schema<number> = {
  "~standard": {
    version: 1,
    vendor: "mosaik",
    validate: (value) =>
      Number.isSafeInteger(value)
        ? { value: Number(value) }
        : { issues: [{ message: "no index" }] },
  },
};

/** A list. An index that it does not have is refused. */
export class ListMachine<Value> implements Machine<ListEvent<Value>> {
  readonly #rules: ListRules<Value>;
  #items: Sequence<Value>;

  constructor(rules: ListRules<Value>, items: Sequence<Value> = new Sequence()) {
    this.#rules = rules;
    this.#items = items;
  }

  get size(): number {
    return this.#items.size;
  }

  get print(): Print {
    return this.size === 0 ? noPrint : this.#items.print;
  }

  at(index: number): Value | undefined {
    return this.#items.get(index < 0 ? this.size + index : index);
  }

  values(from?: number, to?: number): IterableIterator<Value> {
    return this.#items.slice(from, to);
  }

  [Symbol.iterator](): IterableIterator<Value> {
    return this.values();
  }

  get content(): Content {
    return { keys: indices, values: this.#rules.values };
  }

  *show(from?: StoreKey): Generator<ShownItem> {
    let key = typeof from === "number" ? from : 0;
    for (const value of this.#items.slice(key)) yield { key: key++, value };
  }

  edit({ kind, key, value }: Edit): Change {
    if (kind === "remove") return ["remove", key, 1];
    return key === undefined || key === this.size ? ["push", [value]] : ["set", key, value];
  }

  apply([name, ...parts]: Change, events: ListEvent<Value>[]): Outcome {
    const { values, updates } = this.#rules;
    const lastIndex = this.size - 1;
    switch (name) {
      case "push":
        return this.#insert(this.size, parts[0], events);
      case "unshift":
        return this.#insert(0, parts[0], events);
      case "insert":
        return this.#insert(indexOf(parts[0], this.size), parts[1], events);
      case "set":
        return this.#set(indexOf(parts[0], lastIndex), values.decode(parts[1]), events);
      case "swap-value": {
        const index = indexOf(parts[0], lastIndex);
        const wanted = values.decode(parts[1]);
        const next = values.decode(parts[2]);
        const previous = this.#encoded(index);
        if (!isSame(previous, wanted.bytes)) return { applied: false, previous };
        return this.#set(index, next, events);
      }
      case "update": {
        const index = indexOf(parts[0], lastIndex);
        const next = runUpdate(updates, parts[1], this.#items.get(index), parts[2]);
        if (next === undefined) return this.#remove(index, 1, events);
        return this.#set(index, values.fit(next), events);
      }
      case "swap":
        return this.#swap(indexOf(parts[0], lastIndex), indexOf(parts[1], lastIndex), events);
      case "remove": {
        const index = indexOf(parts[0], lastIndex);
        return this.#remove(index, indexOf(parts[1], this.size - index), events);
      }
      case "pop":
        return this.#remove(Math.max(lastIndex, 0), 1, events);
      case "shift":
        return this.#remove(0, 1, events);
      case "truncate": {
        const length = indexOf(parts[0], Number.MAX_SAFE_INTEGER);
        return this.#remove(length, this.size - length, events);
      }
      case "clear": {
        const applied = this.size > 0;
        this.#items = new Sequence();
        if (applied) events.push({ kind: "cleared" });
        return { applied };
      }
      default:
        throw new Refusal(`a list knows no '${name}'`);
    }
  }

  capture(): ListMachine<Value> {
    return new ListMachine(this.#rules, this.#items.clone());
  }

  *save(): Generator<SavedItem> {
    for (const value of this.#items.slice()) yield [this.#rules.values.encode(value)];
  }

  load([value]: SavedItem): void {
    this.#items.insert(this.size, [printed(this.#rules.values.load(value))]);
  }

  #encoded(index: number): Uint8Array | undefined {
    const value = this.#items.get(index);
    return value === undefined ? undefined : this.#rules.values.encode(value);
  }

  #insert(index: number, part: unknown, events: ListEvent<Value>[]): Outcome {
    const added = listOf(part).map((bytes) => this.#rules.values.decode(bytes));
    if (added.length === 0) return notApplied;
    this.#items.insert(index, added.map(printed));
    events.push({ kind: "inserted", index, values: added.map(({ value }) => value) });
    return { applied: true, more: [index] };
  }

  #set(index: number, next: Fitted<Value>, events: ListEvent<Value>[]): Outcome {
    const previous = this.#encoded(index);
    const before = this.#items.get(index) as Value; // the index was checked
    this.#items.set(index, printed(next));
    events.push({ kind: "set", index, value: next.value, previous: before });
    return { applied: true, previous };
  }

  #swap(one: number, other: number, events: ListEvent<Value>[]): Outcome {
    if (one === other) return notApplied;
    const { values } = this.#rules;
    const first = values.fit(this.#items.get(one));
    const second = values.fit(this.#items.get(other));
    this.#set(one, second, events);
    this.#set(other, first, events);
    return { applied: true };
  }

  #remove(index: number, count: number, events: ListEvent<Value>[]): Outcome {
    if (count <= 0 || this.size === 0) return notApplied;
    const previous = count === 1 ? this.#encoded(index) : undefined;
    const values = this.#items.remove(index, count);
    events.push({ kind: "removed", index, values });
    return { applied: true, previous, more: [count] };
  }
}

function printed<Value>({ value, bytes }: Fitted<Value>): Printed<Value> {
  return { item: value, print: new Printer().bytes(bytes).finish() };
}
