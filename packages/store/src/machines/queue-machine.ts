import type { Schema } from "@mosaik/primitives";
import { compareKeys, type StoreKey } from "../core/keys.ts";
import { addPrints, noPrint, type Print, Printer, subtractPrints } from "../core/print.ts";
import { SortedTree } from "../sorted-tree.ts";
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
import { compareRanks, lowestOf, priorityOf, type Ranked, rangeOf } from "./priority.ts";
import { runUpdate, type Updates } from "./updates.ts";
import { type Fitted, isSame, keyOf, listOf, type Values } from "./values.ts";

/** An entry of a priority queue. */
export interface QueueEntry<Key, Value> {
  readonly priority: number;
  readonly key: Key;
  readonly value: Value;
}

/** What happened to a queue. `evicted`: there was no room for it. */
export type QueueEvent<Key, Value> =
  | {
      readonly kind: "set";
      readonly entry: QueueEntry<Key, Value>;
      readonly previous: QueueEntry<Key, Value> | undefined;
    }
  | { readonly kind: "removed" | "evicted"; readonly entry: QueueEntry<Key, Value> }
  | { readonly kind: "cleared" };

/** What a queue's machine is made with. */
export interface QueueRules<Key, Value> {
  readonly keys: Schema<Key>;
  readonly values: Values<Value>;
  readonly updates: Updates<Value>;
  /** Entries that it may hold: beyond it the first in its order is evicted. */
  readonly capacity: number;
}

type Events<Key, Value> = QueueEvent<Key, Value>[];

/** Entries by key and by priority, those of one priority in the order of their keys. */
export class QueueMachine<Key extends StoreKey, Value> implements Machine<QueueEvent<Key, Value>> {
  readonly #rules: QueueRules<Key, Value>;
  #byKey = new SortedTree<Key, QueueEntry<Key, Value>>(compareKeys);
  #ranked = new SortedTree<Ranked<Key>, QueueEntry<Key, Value>>(compareRanks);
  #print = noPrint;

  constructor(rules: QueueRules<Key, Value>) {
    this.#rules = rules;
  }

  get size(): number {
    return this.#byKey.size;
  }

  get capacity(): number {
    return this.#rules.capacity;
  }

  get print(): Print {
    return this.#print;
  }

  get(key: Key): QueueEntry<Key, Value> | undefined {
    return this.#byKey.get(key);
  }

  get min(): QueueEntry<Key, Value> | undefined {
    return this.#end(this.#ranked.first);
  }

  get max(): QueueEntry<Key, Value> | undefined {
    return this.#end(this.#ranked.last);
  }

  has(key: Key): boolean {
    return this.#byKey.has(key);
  }

  entries(options: { readonly reverse?: boolean } = {}): IterableIterator<QueueEntry<Key, Value>> {
    return this.#ranked.values(options);
  }

  [Symbol.iterator](): IterableIterator<QueueEntry<Key, Value>> {
    return this.entries();
  }

  get content(): Content {
    return this.#rules;
  }

  *show(from?: StoreKey): Generator<ShownItem> {
    const range = from === undefined ? {} : { from: from as Key }; // compared as any key
    yield* this.#byKey.values(range);
  }

  edit({ kind, key, value, priority }: Edit): Change {
    return kind === "put" ? ["set", priority, key, value] : ["remove", key];
  }

  apply([name, ...parts]: Change, events: Events<Key, Value>): Outcome {
    const { keys, values, updates } = this.#rules;
    switch (name) {
      case "set":
        return this.#put(this.#entryOf(parts), events);
      case "add": {
        const entry = this.#entryOf(parts);
        const previous = this.#encoded(entry.key);
        return previous ? { applied: false, previous } : this.#put(entry, events);
      }
      case "set-many": {
        const entries = listOf(parts[0]).map((entry) => this.#entryOf(listOf(entry)));
        for (const entry of entries) this.#put(entry, events);
        return { applied: entries.length > 0, more: [entries.length] };
      }
      case "set-priority": {
        const priority = priorityOf(parts[1]);
        return this.#change(keyOf(parts[0], keys), (fitted) => ({ ...fitted, priority }), events);
      }
      case "set-value": {
        const value = values.decode(parts[1]);
        return this.#change(keyOf(parts[0], keys), (old) => ({ ...old, fitted: value }), events);
      }
      case "swap":
        return this.#compareAndSet(parts, events);
      case "update": {
        const key = keyOf(parts[0], keys);
        const before = this.#byKey.get(key);
        if (before === undefined) return notApplied;
        const next = runUpdate(updates, parts[1], before.value, parts[2]);
        if (next === undefined) return this.#remove(key, events);
        return this.#put({ priority: before.priority, key, fitted: values.fit(next) }, events);
      }
      case "remove":
        return this.#remove(keyOf(parts[0], keys), events);
      case "pop": {
        const entry = parts[0] === "min" ? this.min : this.max;
        if (entry === undefined) return notApplied;
        const { priority, key } = entry;
        return { ...this.#remove(key, events), more: [priority, key] };
      }
      case "remove-many": {
        const gone = listOf(parts[0]).map((part) => keyOf(part, keys));
        return counted(gone.filter((key) => this.#remove(key, events).applied).length);
      }
      case "remove-range":
        return this.#removeRange(parts, events);
      case "clear": {
        const applied = this.size > 0;
        this.#byKey.clear();
        this.#ranked.clear();
        this.#print = noPrint;
        if (applied) events.push({ kind: "cleared" });
        return { applied };
      }
      default:
        throw new Refusal(`a priority queue knows no '${name}'`);
    }
  }

  capture(): QueueMachine<Key, Value> {
    const twin = new QueueMachine(this.#rules);
    twin.#byKey = this.#byKey.clone();
    twin.#ranked = this.#ranked.clone();
    twin.#print = this.#print;
    return twin;
  }

  *save(): Generator<SavedItem> {
    for (const [{ priority, key }, { value }] of this.#ranked.entries()) {
      yield [priority, key, this.#rules.values.encode(value)];
    }
  }

  load(item: SavedItem): void {
    this.#put(this.#entryOf(item, this.#rules.values.load(item[2])), []);
  }

  #end(ranked: Ranked<Key> | undefined): QueueEntry<Key, Value> | undefined {
    return ranked && this.#ranked.get(ranked);
  }

  #entryOf(
    [priority, key, value]: readonly unknown[],
    fitted: Fitted<Value> = this.#rules.values.decode(value),
  ): Coming<Key, Value> {
    return { priority: priorityOf(priority), key: keyOf(key, this.#rules.keys), fitted };
  }

  #encoded(key: Key): Uint8Array | undefined {
    const entry = this.#byKey.get(key);
    return entry && this.#rules.values.encode(entry.value);
  }

  #change(
    key: Key,
    changed: (coming: Coming<Key, Value>) => Coming<Key, Value>,
    events: Events<Key, Value>,
  ): Outcome {
    const before = this.#byKey.get(key);
    if (before === undefined) return notApplied;
    const { priority, value } = before;
    return this.#put(changed({ priority, key, fitted: this.#rules.values.fit(value) }), events);
  }

  #compareAndSet([part, wanted, next]: readonly unknown[], events: Events<Key, Value>): Outcome {
    const { keys, values } = this.#rules;
    const key = keyOf(part, keys);
    const expected = values.decode(wanted);
    const fitted = values.decodeOptional(next);
    const before = this.#byKey.get(key);
    const previous = this.#encoded(key);
    if (before === undefined || !isSame(previous, expected.bytes)) {
      return { applied: false, previous };
    }
    if (fitted === undefined) return this.#remove(key, events);
    return this.#put({ priority: before.priority, key, fitted }, events);
  }

  #removeRange(parts: readonly unknown[], events: Events<Key, Value>): Outcome {
    const place = rangeOf(parts.slice(0, 4));
    const start = Math.max(...[parts[0], parts[2]].map((part) => Number(part ?? lowest)));
    const gone: Key[] = [];
    for (const { priority, key } of this.#ranked.values({ from: lowestOf(start) })) {
      const where = place(priority);
      if (where === "after") break;
      if (where === "in") gone.push(key);
    }
    for (const key of gone) this.#remove(key, events);
    return counted(gone.length);
  }

  #put({ priority, key, fitted }: Coming<Key, Value>, events: Events<Key, Value>): Outcome {
    const before = this.#byKey.get(key);
    const previous = before && this.#take(before);
    const entry = Object.freeze({ priority, key, value: fitted.value });
    this.#print = addPrints(this.#print, printOf(entry, fitted.bytes));
    this.#byKey.set(key, entry);
    this.#ranked.set({ priority, key }, entry);
    events.push({ kind: "set", entry, previous: before });
    const { min } = this;
    if (this.size <= this.#rules.capacity || min === undefined) return { applied: true, previous };
    this.#take(min);
    events.push({ kind: "evicted", entry: min });
    return { applied: min !== entry, previous };
  }

  #remove(key: Key, events: Events<Key, Value>): Outcome {
    const entry = this.#byKey.get(key);
    if (entry === undefined) return notApplied;
    const previous = this.#take(entry);
    events.push({ kind: "removed", entry });
    return { applied: true, previous };
  }

  #take(entry: QueueEntry<Key, Value>): Uint8Array {
    const bytes = this.#rules.values.encode(entry.value);
    this.#print = subtractPrints(this.#print, printOf(entry, bytes));
    this.#byKey.delete(entry.key);
    this.#ranked.delete(entry);
    return bytes;
  }
}

interface Coming<Key, Value> extends Ranked<Key> {
  readonly fitted: Fitted<Value>;
}

const lowest = Number.NEGATIVE_INFINITY;

function counted(count: number): Outcome {
  return { applied: count > 0, more: [count] };
}

function printOf({ priority, key }: Ranked<StoreKey>, value: Uint8Array): Print {
  return new Printer().number(priority).key(key).bytes(value).finish();
}
