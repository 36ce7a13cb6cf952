import fc from "fast-check";
import { type ListEvent, ListMachine } from "../../src/machines/list-machine.ts";
import {
  Argument,
  alike,
  type Item,
  isBad,
  item,
  type Kind,
  type Model,
  type Packed,
  type Plain,
  type Told,
  update,
  updated,
  updates,
  values,
} from "./kind.ts";

const items = fc.array(item, { maxLength: 3 });
const index = fc.integer({ min: -1, max: 8 });

/** Makes changes of the given sizes; larger ones make a list of several chunks. */
function changes(several: fc.Arbitrary<Packed[]>, at: fc.Arbitrary<number>): fc.Arbitrary<Plain> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constant("push"), several) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("unshift"), several) },
    { weight: 3, arbitrary: fc.tuple(fc.constant("insert"), at, several) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("set"), at, item) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("swap"), at, at) },
    fc.tuple(fc.constant("swap-value"), at, item, item),
    fc.tuple(at, update).map(([where, [name, by]]): Plain => {
      return ["update", where, name, new Argument(by)];
    }),
    { weight: 2, arbitrary: fc.tuple(fc.constant("remove"), at, at) },
    fc.constant<Plain>(["pop"]),
    fc.constant<Plain>(["shift"]),
    fc.tuple(fc.constant("truncate"), at),
    fc.constant<Plain>(["clear"]),
  ) as fc.Arbitrary<Plain>;
}

function kind(name: string, change: fc.Arbitrary<Plain>): Kind<ListMachine<Item>, ListEvent<Item>> {
  return {
    name,
    machine: () => new ListMachine<Item>({ values, updates }),
    model: () => new ListModel(),
    change,
    content: (machine) => ({
      values: [...machine.values()],
      middle: [...machine.values(1, 3)],
      at: Array.from({ length: machine.size + 1 }, (_, at) => machine.at(at)),
      last: machine.at(-1),
      size: machine.size,
    }),
  };
}

export const listKind = kind("list", changes(items, index));

/** Lists of several chunks: fewer sequences, of larger changes. */
export const longListKind = kind(
  "long list",
  changes(
    fc.tuple(fc.integer({ min: 1, max: 1_500 }), item).map(([n, each]) => Array(n).fill(each)),
    fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.constantFrom(0, 511, 512, 513)),
  ),
);

class ListModel implements Model<ListEvent<Item>> {
  #list: Item[] = [];

  apply([name, ...parts]: Plain): Told {
    if (isBad(parts)) return "refused";
    const list = this.#list;
    const at = parts[0] as number;
    const within = at >= 0 && at < list.length;
    switch (name) {
      case "push":
        return this.#insert(list.length, parts[0]);
      case "unshift":
        return this.#insert(0, parts[0]);
      case "insert":
        return at >= 0 && at <= list.length ? this.#insert(at, parts[1]) : "refused";
      case "set":
        return within ? this.#set(at, (parts[1] as Packed).item) : "refused";
      case "swap-value":
        if (!within) return "refused";
        if (!alike(list[at], (parts[1] as Packed).item)) {
          return { applied: false, previous: list[at] };
        }
        return this.#set(at, (parts[2] as Packed).item);
      case "update": {
        if (!within) return "refused";
        const next = updated(parts[1], list[at], parts[2] as Argument);
        if (next === "refused") return next;
        return next === undefined ? this.#remove(at, 1) : this.#set(at, next);
      }
      case "swap": {
        const other = parts[1] as number;
        if (!within || other < 0 || other >= list.length) return "refused";
        [list[at], list[other]] = [list[other] as Item, list[at] as Item];
        return { applied: at !== other };
      }
      case "remove": {
        const count = parts[1] as number;
        if (!within || count < 0 || at + count > list.length) return "refused";
        return this.#remove(at, count);
      }
      case "pop":
        return this.#remove(Math.max(0, list.length - 1), 1);
      case "shift":
        return this.#remove(0, 1);
      case "truncate":
        return at < 0 ? "refused" : this.#remove(at, list.length - at);
      default: {
        this.#list = [];
        return { applied: list.length > 0 };
      }
    }
  }

  content(): unknown {
    const list = this.#list;
    return {
      values: list,
      middle: list.slice(1, 3),
      at: [...list, undefined],
      last: list.at(-1),
      size: list.length,
    };
  }

  follow(event: ListEvent<Item>): void {
    if (event.kind === "inserted") this.#list.splice(event.index, 0, ...event.values);
    else if (event.kind === "removed") this.#list.splice(event.index, event.values.length);
    else if (event.kind === "set") this.#list[event.index] = event.value;
    else this.#list = [];
  }

  #insert(at: number, packed: unknown): Told {
    const added = (packed as Packed[]).map((each) => each.item);
    if (added.length === 0) return { applied: false };
    this.#list.splice(at, 0, ...added);
    return { applied: true, more: [at] };
  }

  #set(at: number, next: Item): Told {
    const previous = this.#list[at];
    this.#list[at] = next;
    return { applied: true, previous };
  }

  #remove(at: number, count: number): Told {
    if (count <= 0 || this.#list.length === 0) return { applied: false };
    const [previous] = this.#list.splice(at, count);
    return count === 1
      ? { applied: true, previous, more: [count] }
      : { applied: true, more: [count] };
  }
}
