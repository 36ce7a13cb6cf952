import { createInterface } from "node:readline";
import { EditStoreAction } from "@mosaik/store";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { confirm } from "../output/confirm.ts";
import { Printer } from "../output/printer.ts";
import type { ActOptions } from "../settings/common-options.ts";
import { readInput } from "../settings/secrets.ts";
import { openToWrite, storeOf, storeViews } from "./views.ts";

/** What to change. */
export interface Edit {
  readonly kind: "put" | "remove";
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly priority?: number | undefined;
}

/** Puts an item into a collection, or removes one, and prints what came of it. */
export async function editItem(
  host: Host,
  name: string,
  edit: Edit,
  options: ActOptions,
): Promise<void> {
  const printer = new Printer(host, options);
  const value = edit.value === "-" ? (await readInput(host)).trim() : edit.value;
  await observe(host, options, async (joined) => {
    const store = storeOf(await storeViews(host, options, joined), name);
    if (edit.kind === "remove") await confirm(host, options, `remove '${edit.key}' of '${name}'?`);
    await using inspection = await openToWrite(host, options, joined, store);
    const input = inputOf(store.id, fitting(store.kind, { ...edit, value }));
    const done = await inspection.act(EditStoreAction, input, { signal: joined.deadline });
    const facts = { store: store.id, ...done };
    printer.one(facts, () => [
      [{ text: `${done.applied ? "applied" : "not applied"} as version ${done.version}` }],
    ]);
    if (edit.kind === "remove" && !done.applied) {
      throw new CliError("CLI_NOT_FOUND", `there was no '${edit.key}' in '${name}'`);
    }
  });
}

/** Puts an item for each line of the standard input, as `export` prints them. */
export async function importItems(host: Host, name: string, options: ActOptions): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, async (joined) => {
    const store = storeOf(await storeViews(host, options, joined), name);
    await using inspection = await openToWrite(host, options, joined, store);
    let count = 0;
    for await (const line of createInterface({ input: host.input })) {
      if (line.trim() === "") continue;
      const input = inputOf(store.id, editOf(line, count + 1));
      await inspection.act(EditStoreAction, input, { signal: joined.deadline });
      count += 1;
    }
    printer.one({ store: store.id, items: count }, () => [[{ text: `${count} items put` }]]);
  });
}

/** What was named is the value where there are no keys, and a set has keys only. */
function fitting(storeKind: string, edit: Edit): Edit {
  const { kind, key, value } = edit;
  const hasKeys = ["map", "set", "priority-queue"].includes(storeKind);
  if (kind === "remove" || value !== undefined || hasKeys) return edit;
  return { ...edit, key: undefined, value: key };
}

function editOf(line: string, number: number): Edit {
  try {
    const { key, value, priority }: Record<string, unknown> = JSON.parse(line);
    return {
      kind: "put",
      ...(key === undefined ? {} : { key: JSON.stringify(key) }),
      ...(value === undefined ? {} : { value: JSON.stringify(value) }),
      ...(typeof priority === "number" ? { priority } : {}),
    };
  } catch (cause) {
    throw new CliError("CLI_USAGE", `line ${number} is not an item as JSON`, { cause });
  }
}

function inputOf(store: string, { kind, key, value, priority }: Edit) {
  return {
    store,
    kind,
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(priority === undefined ? {} : { priority }),
  };
}
