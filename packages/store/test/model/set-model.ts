import fc from "fast-check";
import { type SetEvent, SetMachine } from "../../src/machines/set-machine.ts";
import { inOrder, type Kind, key, keySchema, type Model, type Plain, type Told } from "./kind.ts";

type Key = string | number;

export const setKind: Kind<SetMachine<Key>, SetEvent<Key>> = {
  name: "set",
  machine: () => new SetMachine<Key>(keySchema),
  model: () => new SetModel(),
  change: fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant("add"), key) },
    { weight: 3, arbitrary: fc.tuple(fc.constant("remove"), key) },
    fc.tuple(fc.constant("add-many"), fc.array(key, { maxLength: 4 })),
    fc.tuple(fc.constant("remove-many"), fc.array(key, { maxLength: 4 })),
    fc.constant<Plain>(["clear"]),
    fc.constant<Plain>(["add", null]),
  ) as fc.Arbitrary<Plain>,
  content: (machine) => ({
    values: [...machine.values()],
    backwards: [...machine.values({ reverse: true })].reverse(),
    has: [...machine.values()].every((value) => machine.has(value)),
    size: machine.size,
  }),
};

class SetModel implements Model<SetEvent<Key>> {
  readonly #set = new Set<Key>();

  apply([name, part]: Plain): Told {
    if (part === null) return "refused";
    switch (name) {
      case "add":
        return { applied: this.#add(part as Key) };
      case "remove":
        return { applied: this.#set.delete(part as Key) };
      case "add-many":
        return counted((part as Key[]).filter((each) => this.#add(each)));
      case "remove-many":
        return counted((part as Key[]).filter((each) => this.#set.delete(each)));
      default: {
        const applied = this.#set.size > 0;
        this.#set.clear();
        return { applied };
      }
    }
  }

  content(): unknown {
    const values = [...this.#set].sort(inOrder);
    return { values, backwards: values, has: true, size: values.length };
  }

  follow(event: SetEvent<Key>): void {
    if (event.kind === "added") this.#set.add(event.value);
    else if (event.kind === "removed") this.#set.delete(event.value);
    else this.#set.clear();
  }

  #add(value: Key): boolean {
    const isNew = !this.#set.has(value);
    this.#set.add(value);
    return isNew;
  }
}

function counted(changed: readonly unknown[]): Told {
  return { applied: changed.length > 0, more: [changed.length] };
}
