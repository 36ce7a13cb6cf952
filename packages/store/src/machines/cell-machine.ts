import { noPrint, type Print, Printer } from "../core/print.ts";
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
import { runUpdate, type Updates } from "./updates.ts";
import { type Fitted, isSame, type Values } from "./values.ts";

/** What happened to a cell: the value that it holds now, and the one before; absent where none. */
export interface CellEvent<Value> {
  readonly kind: "set" | "cleared";
  readonly value: Value | undefined;
  readonly previous: Value | undefined;
}

/** What a cell's machine is made with. */
export interface CellRules<Value> {
  readonly values: Values<Value>;
  readonly updates: Updates<Value>;
  /** Whether the first value stays for good. */
  readonly once: boolean;
}

/** One value, or none. */
export class CellMachine<Value> implements Machine<CellEvent<Value>> {
  readonly #rules: CellRules<Value>;
  #value: Value | undefined;

  constructor(rules: CellRules<Value>, value?: Value) {
    this.#rules = rules;
    this.#value = value;
  }

  get size(): number {
    return this.#value === undefined ? 0 : 1;
  }

  get print(): Print {
    const bytes = this.#encoded();
    return bytes === undefined ? noPrint : new Printer().bytes(bytes).finish();
  }

  get value(): Value | undefined {
    return this.#value;
  }

  get content(): Content {
    return { values: this.#rules.values };
  }

  *show(): Generator<ShownItem> {
    if (this.#value !== undefined) yield { value: this.#value };
  }

  edit({ kind, value }: Edit): Change {
    return kind === "put" ? ["set", value] : ["clear"];
  }

  apply([name, ...parts]: Change, events: CellEvent<Value>[]): Outcome {
    const { values, updates, once } = this.#rules;
    if (once && name !== "set") throw new Refusal(`a once knows no '${name}'`);
    switch (name) {
      case "set": {
        const value = values.decode(parts[0]);
        const previous = once ? this.#encoded() : undefined;
        return previous ? { applied: false, previous } : this.#put(value, events);
      }
      case "swap": {
        const wanted = values.decodeOptional(parts[0]);
        const next = values.decodeOptional(parts[1]);
        const previous = this.#encoded();
        if (!isSame(previous, wanted?.bytes)) return { applied: false, previous };
        return { ...this.#put(next, events), applied: true };
      }
      case "update": {
        const next = runUpdate(updates, parts[0], this.#value, parts[1]);
        return this.#put(next === undefined ? undefined : values.fit(next), events);
      }
      case "clear":
        return this.#put(undefined, events);
      default:
        throw new Refusal(`a cell knows no '${name}'`);
    }
  }

  capture(): CellMachine<Value> {
    return new CellMachine(this.#rules, this.#value);
  }

  *save(): Generator<SavedItem> {
    const bytes = this.#encoded();
    if (bytes !== undefined) yield [bytes];
  }

  load([value]: SavedItem): void {
    this.#value = this.#rules.values.load(value).value;
  }

  #encoded(): Uint8Array | undefined {
    return this.#value === undefined ? undefined : this.#rules.values.encode(this.#value);
  }

  #put(next: Fitted<Value> | undefined, events: CellEvent<Value>[]): Outcome {
    const value = next?.value;
    const before = this.#value;
    if (before === undefined && value === undefined) return { applied: false };
    const previous = this.#encoded();
    this.#value = value;
    events.push({ kind: value === undefined ? "cleared" : "set", value, previous: before });
    return { applied: true, previous };
  }
}
