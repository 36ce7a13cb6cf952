import fc from "fast-check";
import {
  type QueueEntry,
  type QueueEvent,
  QueueMachine,
} from "../../src/machines/queue-machine.ts";
import {
  Argument,
  alike,
  type Item,
  inOrder,
  isBad,
  item,
  type Kind,
  key,
  keySchema,
  type Model,
  Packed,
  type Plain,
  type Told,
  update,
  updated,
  updates,
  values,
} from "./kind.ts";

type Key = string | number;
type Entry = QueueEntry<Key, Item>;

const priority = fc.constantFrom(-1, 0, -0, 1, 2, 2.5, 1e12);
const bound = fc.option(priority, { nil: undefined });
const optional = fc.option(item, { nil: undefined });
const entry = fc.tuple(priority, key, item);

const change = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant("set"), priority, key, item) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("add"), priority, key, item) },
  fc.tuple(fc.constant("set-many"), fc.array(entry, { maxLength: 4 })),
  { weight: 2, arbitrary: fc.tuple(fc.constant("set-priority"), key, priority) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("set-value"), key, item) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("swap"), key, item, optional) },
  fc.tuple(key, update).map(([k, [name, by]]): Plain => ["update", k, name, new Argument(by)]),
  { weight: 2, arbitrary: fc.tuple(fc.constant("remove"), key) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("pop"), fc.constantFrom("min", "max")) },
  fc.tuple(fc.constant("remove-many"), fc.array(key, { maxLength: 4 })),
  fc.tuple(fc.constant("remove-range"), bound, bound, bound, bound),
  fc.constant<Plain>(["clear"]),
  fc.constant<Plain>(["set-priority", "a", Number.POSITIVE_INFINITY]),
) as fc.Arbitrary<Plain>;

function kind(
  name: string,
  capacity: number,
): Kind<QueueMachine<Key, Item>, QueueEvent<Key, Item>> {
  return {
    name,
    machine: () => new QueueMachine<Key, Item>({ keys: keySchema, values, updates, capacity }),
    model: () => new QueueModel(capacity),
    change,
    content: (machine) => ({
      entries: [...machine.entries()],
      backwards: [...machine.entries({ reverse: true })].reverse(),
      gets: [...machine.entries()].map((each) => machine.get(each.key)),
      min: machine.min,
      max: machine.max,
      size: machine.size,
    }),
  };
}

export const queueKind = kind("priority queue", Number.POSITIVE_INFINITY);
export const boundedQueueKind = kind("bounded priority queue", 3);

class QueueModel implements Model<QueueEvent<Key, Item>> {
  readonly #capacity: number;
  #entries: Entry[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  apply([name, ...parts]: Plain): Told {
    if (isBad(parts) || parts[1] === Number.POSITIVE_INFINITY) return "refused";
    const k = (name === "set" || name === "add" ? parts[1] : parts[0]) as Key;
    const before = this.#get(k);
    const previous = before?.value;
    const second = parts[1] instanceof Packed ? parts[1].item : undefined;
    switch (name) {
      case "set":
        return this.#set(parts as [number, Key, Packed]);
      case "add":
        return before ? { applied: false, previous } : this.#set(parts as [number, Key, Packed]);
      case "set-many": {
        const entries = parts[0] as [number, Key, Packed][];
        for (const each of entries) this.#set(each);
        return { applied: entries.length > 0, more: [entries.length] };
      }
      case "set-priority":
        return before ? this.#put({ ...before, priority: parts[1] as number }) : { applied: false };
      case "set-value":
        return before && second !== undefined
          ? this.#put({ ...before, value: second })
          : { applied: false };
      case "swap": {
        if (!before) return { applied: false };
        if (!alike(previous, second)) return { applied: false, previous };
        if (parts[2] instanceof Packed) return this.#put({ ...before, value: parts[2].item });
        return this.#remove(k);
      }
      case "update": {
        if (!before) return { applied: false };
        const next = updated(parts[1], before.value, parts[2] as Argument);
        if (next === "refused") return next;
        return next === undefined ? this.#remove(k) : this.#put({ ...before, value: next });
      }
      case "remove":
        return this.#remove(k);
      case "pop": {
        const end = parts[0] === "min" ? this.#entries[0] : this.#entries.at(-1);
        if (!end) return { applied: false };
        return { ...this.#remove(end.key), more: [end.priority, end.key] } as Told;
      }
      case "remove-many":
        return counted((parts[0] as Key[]).filter((each) => this.#remove(each).applied));
      case "remove-range": {
        const [from, below, above, to] = parts as (number | undefined)[];
        const gone = this.#entries.filter(
          ({ priority: p }) =>
            (from === undefined || p >= from) &&
            (below === undefined || p < below) &&
            (above === undefined || p > above) &&
            (to === undefined || p <= to),
        );
        for (const each of gone) this.#remove(each.key);
        return counted(gone);
      }
      default: {
        const applied = this.#entries.length > 0;
        this.#entries = [];
        return { applied };
      }
    }
  }

  content(): unknown {
    const entries = this.#entries;
    return {
      entries,
      backwards: entries,
      gets: entries,
      min: entries[0],
      max: entries.at(-1),
      size: entries.length,
    };
  }

  follow(event: QueueEvent<Key, Item>): void {
    if (event.kind === "set") {
      this.#entries = [
        ...this.#entries.filter((each) => each.key !== event.entry.key),
        event.entry,
      ];
      this.#sort();
    } else if (event.kind === "cleared") this.#entries = [];
    else this.#remove(event.entry.key);
  }

  #get(k: Key): Entry | undefined {
    return this.#entries.find((each) => each.key === k);
  }

  #set([p, k, packed]: [number, Key, Packed]): Told {
    return this.#put({ priority: p, key: k === 0 ? 0 : k, value: packed.item });
  }

  #put({ priority: given, key: k, value }: Entry): Told {
    const previous = this.#get(k)?.value;
    this.#remove(k);
    const next: Entry = { priority: given + 0, key: k, value };
    this.#entries.push(next);
    this.#sort();
    const evicted = this.#entries.length > this.#capacity ? this.#entries.shift() : undefined;
    return { applied: evicted !== next, previous };
  }

  #remove(k: Key): { applied: boolean; previous?: Item | undefined } {
    const before = this.#get(k);
    if (!before) return { applied: false };
    this.#entries = this.#entries.filter((each) => each !== before);
    return { applied: true, previous: before.value };
  }

  #sort(): void {
    this.#entries.sort((a, b) => a.priority - b.priority || inOrder(a.key, b.key));
  }
}

function counted(changed: readonly unknown[]): Told {
  return { applied: changed.length > 0, more: [changed.length] };
}
