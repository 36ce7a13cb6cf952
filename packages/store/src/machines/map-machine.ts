import type { Schema } from "@mosaik/primitives";
import { compareKeys, type StoreKey } from "../core/keys.ts";
import { addPrints, noPrint, type Print, Printer, subtractPrints } from "../core/print.ts";
import { type KeyRange, SortedTree } from "../sorted-tree.ts";
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
import { type Fitted, isSame, keyOf, listOf, type Values } from "./values.ts";

/** What happened to a map. `previous` is absent where the key was new. */
export type MapEvent<Key, Value> =
  | {
      readonly kind: "set";
      readonly key: Key;
      readonly value: Value;
      readonly previous: Value | undefined;
    }
  | { readonly kind: "removed"; readonly key: Key; readonly previous: Value }
  | { readonly kind: "cleared" };

/** What a map's machine is made with. */
export interface MapRules<Key, Value> {
  readonly keys: Schema<Key>;
  readonly values: Values<Value>;
  readonly updates: Updates<Value>;
}

type Events<Key, Value> = MapEvent<Key, Value>[];

/** A map, sorted by key. */
export class MapMachine<Key extends StoreKey, Value> implements Machine<MapEvent<Key, Value>> {
  readonly #rules: MapRules<Key, Value>;
  readonly #tree: SortedTree<Key, Value>;
  #print: Print;

  constructor(
    rules: MapRules<Key, Value>,
    tree: SortedTree<Key, Value> = new SortedTree<Key, Value>(compareKeys),
    print: Print = noPrint,
  ) {
    this.#rules = rules;
    this.#tree = tree;
    this.#print = print;
  }

  get size(): number {
    return this.#tree.size;
  }

  get print(): Print {
    return this.#print;
  }

  get(key: Key): Value | undefined {
    return this.#tree.get(key);
  }

  has(key: Key): boolean {
    return this.#tree.has(key);
  }

  entries(range?: KeyRange<Key>): IterableIterator<[Key, Value]> {
    return this.#tree.entries(range);
  }

  keys(range?: KeyRange<Key>): IterableIterator<Key> {
    return this.#tree.keys(range);
  }

  values(range?: KeyRange<Key>): IterableIterator<Value> {
    return this.#tree.values(range);
  }

  [Symbol.iterator](): IterableIterator<[Key, Value]> {
    return this.entries();
  }

  get content(): Content {
    return this.#rules;
  }

  *show(from?: StoreKey): Generator<ShownItem> {
    const range = from === undefined ? {} : { from: from as Key }; // compared as any key
    for (const [key, value] of this.#tree.entries(range)) yield { key, value };
  }

  edit({ kind, key, value }: Edit): Change {
    return kind === "put" ? ["set", key, value] : ["remove", key];
  }

  apply([name, ...parts]: Change, events: Events<Key, Value>): Outcome {
    const { keys, values, updates } = this.#rules;
    switch (name) {
      case "set":
        return this.#put(keyOf(parts[0], keys), values.decode(parts[1]), events);
      case "add": {
        const key = keyOf(parts[0], keys);
        const value = values.decode(parts[1]);
        const previous = this.#encoded(key);
        return previous ? { applied: false, previous } : this.#put(key, value, events);
      }
      case "swap":
        return this.#compareAndSet(parts, events);
      case "update": {
        const key = keyOf(parts[0], keys);
        const next = runUpdate(updates, parts[1], this.#tree.get(key), parts[2]);
        if (next === undefined) return this.#remove(key, events);
        return this.#put(key, values.fit(next), events);
      }
      case "remove":
        return this.#remove(keyOf(parts[0], keys), events);
      case "set-many": {
        const entries = listOf(parts[0]).map((entry) => {
          const [key, value] = listOf(entry);
          return [keyOf(key, keys), values.decode(value)] as const;
        });
        for (const [key, value] of entries) this.#put(key, value, events);
        return { applied: entries.length > 0, more: [entries.length] };
      }
      case "remove-many": {
        const gone = listOf(parts[0]).map((part) => keyOf(part, keys));
        const count = gone.filter((key) => this.#remove(key, events).applied).length;
        return { applied: count > 0, more: [count] };
      }
      case "clear": {
        const applied = this.size > 0;
        this.#tree.clear();
        this.#print = noPrint;
        if (applied) events.push({ kind: "cleared" });
        return { applied };
      }
      default:
        throw new Refusal(`a map knows no '${name}'`);
    }
  }

  capture(): MapMachine<Key, Value> {
    return new MapMachine(this.#rules, this.#tree.clone(), this.#print);
  }

  *save(): Generator<SavedItem> {
    for (const [key, value] of this.#tree.entries()) {
      yield [key, this.#rules.values.encode(value)];
    }
  }

  load([part, saved]: SavedItem): void {
    const key = keyOf(part, this.#rules.keys);
    const { value, bytes } = this.#rules.values.load(saved);
    if (!this.#tree.add(key, value)) throw new Refusal("a key is there twice");
    this.#print = addPrints(this.#print, printOf(key, bytes));
  }

  #encoded(key: Key): Uint8Array | undefined {
    const value = this.#tree.get(key);
    return value === undefined ? undefined : this.#rules.values.encode(value);
  }

  #compareAndSet([part, expected, next]: readonly unknown[], events: Events<Key, Value>): Outcome {
    const { keys, values } = this.#rules;
    const key = keyOf(part, keys);
    const wanted = values.decodeOptional(expected);
    const value = values.decodeOptional(next);
    const previous = this.#encoded(key);
    if (!isSame(previous, wanted?.bytes)) return { applied: false, previous };
    if (value !== undefined) return this.#put(key, value, events);
    return previous === undefined ? { applied: true } : this.#remove(key, events);
  }

  #put(key: Key, { value, bytes }: Fitted<Value>, events: Events<Key, Value>): Outcome {
    const before = this.#tree.get(key);
    const previous = this.#encoded(key);
    if (previous !== undefined) this.#print = subtractPrints(this.#print, printOf(key, previous));
    this.#print = addPrints(this.#print, printOf(key, bytes));
    this.#tree.set(key, value);
    events.push({ kind: "set", key, value, previous: before });
    return { applied: true, previous };
  }

  #remove(key: Key, events: Events<Key, Value>): Outcome {
    const before = this.#tree.get(key);
    if (before === undefined) return notApplied;
    const previous = this.#rules.values.encode(before);
    this.#print = subtractPrints(this.#print, printOf(key, previous));
    this.#tree.delete(key);
    events.push({ kind: "removed", key, previous: before });
    return { applied: true, previous };
  }
}

function printOf(key: StoreKey, value: Uint8Array): Print {
  return new Printer().key(key).bytes(value).finish();
}
