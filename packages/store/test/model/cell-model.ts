import fc from "fast-check";
import { type CellEvent, CellMachine } from "../../src/machines/cell-machine.ts";
import {
  Argument,
  alike,
  type Item,
  isBad,
  item,
  type Kind,
  type Model,
  Packed,
  type Plain,
  type Told,
  update,
  updated,
  updates,
  values,
} from "./kind.ts";

const optional = fc.option(item, { nil: undefined });
const change = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant("set"), item) },
  { weight: 3, arbitrary: fc.tuple(fc.constant("swap"), optional, optional) },
  update.map(([name, by]): Plain => ["update", name, new Argument(by)]),
  fc.constant<Plain>(["clear"]),
) as fc.Arbitrary<Plain>;

function kind(name: string, once: boolean): Kind<CellMachine<Item>, CellEvent<Item>> {
  return {
    name,
    machine: () => new CellMachine<Item>({ values, updates, once }),
    model: () => new CellModel(once),
    change,
    content: (machine) => ({ value: machine.value, size: machine.size }),
  };
}

export const cellKind = kind("cell", false);
export const onceKind = kind("once", true);

class CellModel implements Model<CellEvent<Item>> {
  readonly #once: boolean;
  #value: Item | undefined;

  constructor(once: boolean) {
    this.#once = once;
  }

  apply([name, ...parts]: Plain): Told {
    if (isBad(parts) || (this.#once && name !== "set")) return "refused";
    const previous = this.#value;
    const [first, second] = parts.map((part) => (part instanceof Packed ? part.item : undefined));
    switch (name) {
      case "set":
        return this.#once && previous !== undefined
          ? { applied: false, previous }
          : this.#put(first);
      case "swap":
        if (!alike(previous, first)) return { applied: false, previous };
        this.#value = second;
        return { applied: true, previous };
      case "update": {
        const next = updated(parts[0], previous, parts[1] as Argument);
        return next === "refused" ? next : this.#put(next);
      }
      default:
        return this.#put(undefined);
    }
  }

  content(): unknown {
    return { value: this.#value, size: this.#value === undefined ? 0 : 1 };
  }

  follow({ value }: CellEvent<Item>): void {
    this.#value = value;
  }

  #put(next: Item | undefined): Told {
    const previous = this.#value;
    this.#value = next;
    const applied = previous !== undefined || next !== undefined;
    return applied ? { applied, previous } : { applied };
  }
}
