import sorted from "sorted-btree";

type Tree<Key, Value> = InstanceType<typeof sorted.default<Key, Value>>;

// The package is CommonJS: some loaders hand out its class itself, Node what it exports.
const TreeClass = (sorted.default ?? sorted) as typeof sorted.default;

/** Part of a sorted collection. */
export interface KeyRange<Key> {
  /** The first key; itself included. */
  readonly from?: Key;
  /** The end; itself excluded. */
  readonly to?: Key;
  /** From the last to the first. */
  readonly reverse?: boolean;
}

/** A sorted map (a B+ tree) whose clones take no time: two share what neither has changed since. */
export class SortedTree<Key, Value> {
  readonly #tree: Tree<Key, Value>;
  readonly #compare: (a: Key, b: Key) => number;

  constructor(compare: (a: Key, b: Key) => number, tree?: Tree<Key, Value>) {
    this.#compare = compare;
    this.#tree = tree ?? new TreeClass<Key, Value>(undefined, compare);
  }

  get size(): number {
    return this.#tree.size;
  }

  get(key: Key): Value | undefined {
    return this.#tree.get(key);
  }

  has(key: Key): boolean {
    return this.#tree.has(key);
  }

  set(key: Key, value: Value): void {
    this.#tree.set(key, value);
  }

  /** Adds an entry; `false`, and nothing happens, where there is one with this key. */
  add(key: Key, value: Value): boolean {
    return this.#tree.set(key, value, false);
  }

  delete(key: Key): boolean {
    return this.#tree.delete(key);
  }

  clear(): void {
    this.#tree.clear();
  }

  /** The first key. */
  get first(): Key | undefined {
    return this.#tree.minKey();
  }

  /** The last key. */
  get last(): Key | undefined {
    return this.#tree.maxKey();
  }

  /** Another tree with the same entries; a change of one is none of the other. */
  clone(): SortedTree<Key, Value> {
    return new SortedTree(this.#compare, this.#tree.clone());
  }

  /** The entries of a range, as they are at the call. */
  entries(range: KeyRange<Key> = {}): IterableIterator<[Key, Value]> {
    return this.clone().#walk(range);
  }

  /** The keys of a range, as they are at the call. */
  keys(range?: KeyRange<Key>): IterableIterator<Key> {
    return firsts(this.entries(range));
  }

  /** The values of a range of keys, as they are at the call. */
  values(range?: KeyRange<Key>): IterableIterator<Value> {
    return seconds(this.entries(range));
  }

  *#walk({ from, to, reverse = false }: KeyRange<Key>): Generator<[Key, Value]> {
    if (reverse) {
      for (const entry of this.#tree.entriesReversed(to, undefined, to !== undefined)) {
        if (from !== undefined && this.#compare(entry[0], from) < 0) return;
        yield entry;
      }
    } else {
      for (const entry of this.#tree.entries(from)) {
        if (to !== undefined && this.#compare(entry[0], to) >= 0) return;
        yield entry;
      }
    }
  }
}

function* firsts<First>(pairs: Iterable<[First, unknown]>): Generator<First> {
  for (const [first] of pairs) yield first;
}

function* seconds<Second>(pairs: Iterable<[unknown, Second]>): Generator<Second> {
  for (const [, second] of pairs) yield second;
}
