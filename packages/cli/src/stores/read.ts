import { type StoreItem, StoreItemsSection } from "@mosaik/store";
import type { Inspection } from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { type Format, Printer } from "../output/printer.ts";
import type { Column } from "../output/table.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { openToRead, storeOf, storeViews } from "./views.ts";

/** Items in one answer. */
const pageItems = 256;

/** Prints the value of a key, of an index, or of a cell. */
export async function getItem(
  host: Host,
  { name, key }: { readonly name: string; readonly key: string | undefined },
  options: InspectOptions,
): Promise<void> {
  const printer = new Printer(host, options, "value");
  await observe(host, options, async (joined) => {
    const store = storeOf(await storeViews(host, options, joined), name);
    await using inspection = await openToRead(host, options, joined, store);
    const query = { store: store.id, ...(key === undefined ? {} : { key }) };
    const { items, version } = await inspection.read(StoreItemsSection, {
      query,
      signal: joined.deadline,
    });
    const [item] = items;
    if (item === undefined) {
      const what = key === undefined ? "nothing" : `no '${key}'`;
      throw new CliError("CLI_NOT_FOUND", `there is ${what} in '${name}'`, {
        hint: `mosaik store keys ${name}`,
      });
    }
    const value = item.value ?? "";
    printer.one({ ...factsOf(item), version }, () => [[{ text: value }]], value);
  });
}

/** How to print items. */
export interface ItemsManner {
  readonly prefix?: string | undefined;
  readonly limit?: number | undefined;
}

/** Prints the keys of a collection, one a line. */
export function listKeys(host: Host, name: string, options: InspectOptions & ItemsManner) {
  return printItems(host, name, options, "value", [
    { title: "KEY", of: ({ key }) => key ?? "", full: ({ key }) => key ?? "" },
  ]);
}

/** Prints the items of a collection: what `import` takes. */
export function exportItems(host: Host, name: string, options: InspectOptions & ItemsManner) {
  return printItems(host, name, options, "ndjson", [
    { title: "KEY", of: ({ key }) => key ?? "" },
    { title: "VALUE", of: ({ value }) => value ?? "" },
  ]);
}

async function printItems(
  host: Host,
  name: string,
  options: InspectOptions & ItemsManner,
  piped: Format,
  columns: readonly Column<StoreItem>[],
): Promise<void> {
  const printer = new Printer(host, options, piped);
  await observe(host, options, async (joined) => {
    const store = storeOf(await storeViews(host, options, joined), name);
    await using inspection = await openToRead(host, options, joined, store);
    const items: StoreItem[] = [];
    const limit = options.limit ?? Number.POSITIVE_INFINITY;
    for await (const page of pages(inspection, store.id, options.prefix, () => joined.deadline)) {
      items.push(...page);
      if (items.length >= limit) break;
    }
    const rows = items.slice(0, limit);
    printer.list("items", rows.map(factsOf), columns.map(overText));
  });
}

async function* pages(
  inspection: Inspection,
  store: string,
  prefix: string | undefined,
  deadline: () => AbortSignal,
): AsyncGenerator<readonly StoreItem[]> {
  let after: string | undefined;
  do {
    const query = {
      store,
      limit: pageItems,
      ...(prefix === undefined ? {} : { prefix }),
      ...(after === undefined ? {} : { after }),
    };
    const page = await inspection.read(StoreItemsSection, { query, signal: deadline() });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}

/** An item with its texts as what they stand for: JSON as JSON. */
export interface ItemFacts {
  readonly [name: string]: unknown;
  readonly text: StoreItem;
}

/** What is printed of an item in JSON. */
export function factsOf(item: StoreItem): ItemFacts {
  const { key, value, shown, priority } = item;
  return Object.defineProperty(
    {
      ...(key === undefined ? {} : { key: meant(key) }),
      ...(value === undefined ? {} : { value: shown === undefined ? meant(value) : value }),
      ...(shown === undefined ? {} : { shown }),
      ...(priority === undefined ? {} : { priority }),
    },
    "text",
    { value: item },
  ) as ItemFacts; // not enumerable: not printed
}

function overText({ title, of, full }: Column<StoreItem>): Column<ItemFacts> {
  const column = { title, of: ({ text }: ItemFacts) => of(text) };
  return full === undefined ? column : { ...column, full: ({ text }) => full(text) };
}

function meant(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a bigint, say: its text is all there is
  }
}
