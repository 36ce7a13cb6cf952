import fc from "fast-check";
import { type MapEvent, MapMachine } from "../../src/machines/map-machine.ts";
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

const optional = fc.option(item, { nil: undefined });

export const mapKind: Kind<MapMachine<Key, Item>, MapEvent<Key, Item>> = {
  name: "map",
  machine: () => new MapMachine<Key, Item>({ keys: keySchema, values, updates }),
  model: () => new MapModel(),
  change: fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant("set"), key, item) },
    { weight: 2, arbitrary: fc.tuple(fc.constant("add"), key, item) },
    { weight: 3, arbitrary: fc.tuple(fc.constant("swap"), key, optional, optional) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(key, update)
        .map(([k, [name, by]]): Plain => ["update", k, name, new Argument(by)]),
    },
    { weight: 3, arbitrary: fc.tuple(fc.constant("remove"), key) },
    fc.tuple(fc.constant("set-many"), fc.array(fc.tuple(key, item), { maxLength: 4 })),
    fc.tuple(fc.constant("remove-many"), fc.array(key, { maxLength: 4 })),
    fc.constant<Plain>(["clear"]),
  ) as fc.Arbitrary<Plain>,
  content: (machine) => ({
    entries: [...machine.entries()],
    backwards: [...machine.entries({ reverse: true })].reverse(),
    middle: [...machine.entries({ from: 0, to: "b" })],
    gets: [...machine.entries()].map(([k]) => [machine.has(k), machine.get(k)]),
    size: machine.size,
  }),
};

class MapModel implements Model<MapEvent<Key, Item>> {
  readonly #map = new Map<Key, Item>();

  apply([name, ...parts]: Plain): Told {
    if (isBad(parts)) return "refused";
    const at = parts[0] as Key;
    const previous = this.#map.get(at);
    const value = parts[1] instanceof Packed ? parts[1].item : undefined;
    switch (name) {
      case "set":
        return this.#put(at, value);
      case "add":
        return previous === undefined ? this.#put(at, value) : { applied: false, previous };
      case "swap": {
        if (!alike(previous, value)) return { applied: false, previous };
        this.#put(at, parts[2] instanceof Packed ? parts[2].item : undefined);
        return { applied: true, previous };
      }
      case "update": {
        const next = updated(parts[1], previous, parts[2] as Argument);
        if (next === "refused") return next;
        return this.#put(at, next);
      }
      case "remove":
        return this.#put(at, undefined);
      case "set-many": {
        const entries = parts[0] as [Key, Packed][];
        for (const [k, packed] of entries) this.#put(k, packed.item);
        return { applied: entries.length > 0, more: [entries.length] };
      }
      case "remove-many": {
        const count = (parts[0] as Key[]).filter((k) => this.#put(k, undefined).applied).length;
        return { applied: count > 0, more: [count] };
      }
      default: {
        const applied = this.#map.size > 0;
        this.#map.clear();
        return { applied };
      }
    }
  }

  content(): unknown {
    const entries = [...this.#map].sort(([a], [b]) => inOrder(a, b));
    return {
      entries,
      backwards: entries,
      middle: entries.filter(([k]) => inOrder(k, 0) >= 0 && inOrder(k, "b") < 0),
      gets: entries.map(([, value]) => [true, value]),
      size: entries.length,
    };
  }

  follow(event: MapEvent<Key, Item>): void {
    if (event.kind === "set") this.#put(event.key, event.value);
    else if (event.kind === "removed") this.#put(event.key, undefined);
    else this.#map.clear();
  }

  #put(at: Key, next: Item | undefined): { applied: boolean; previous?: Item | undefined } {
    const k = at === 0 ? 0 : at;
    const previous = this.#map.get(k);
    if (next !== undefined) this.#map.set(k, next);
    else if (!this.#map.delete(k)) return { applied: false };
    return { applied: true, previous };
  }
}
