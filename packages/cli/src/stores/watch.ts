import { type StoreItem, StoreItemsSection } from "@mosaik/store";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { Printer, say } from "../output/printer.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { factsOf } from "./read.ts";
import { openToRead, storeOf, storeViews } from "./views.ts";

/** What a node tells at once: of larger collections a prefix must be named. */
const itemsMax = 256;

/** Prints what changes in a collection, from what there is now on, until the user ends it. */
export async function watchStore(
  host: Host,
  { name, key }: { readonly name: string; readonly key: string | undefined },
  options: InspectOptions & { readonly prefix?: string | undefined },
): Promise<void> {
  const printer = new Printer(host, options, "ndjson");
  await observe(host, options, async (joined) => {
    const store = storeOf(await storeViews(host, options, joined), name);
    await using inspection = await openToRead(host, options, joined, store);
    const query = {
      store: store.id,
      limit: itemsMax,
      ...(key === undefined ? {} : { key }),
      ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
    };
    let before = new Map<string, StoreItem>();
    for await (const page of inspection.follow(StoreItemsSection, {
      query,
      signal: joined.signal,
    })) {
      if (page.next !== undefined)
        say(host, options, `only the first ${itemsMax} items are watched`);
      const now = new Map(page.items.map((item) => [item.key ?? "", item]));
      for (const [itemKey, item] of now) {
        if (before.get(itemKey)?.value === item.value && before.has(itemKey)) continue;
        print(printer, "put", item, page.version);
      }
      for (const [itemKey, item] of before) {
        if (!now.has(itemKey)) print(printer, "remove", item, page.version);
      }
      before = now;
    }
  });
}

function print(printer: Printer, change: "put" | "remove", item: StoreItem, version: number): void {
  const { key = "", value = "" } = item;
  const facts = { change, version, ...factsOf(item) };
  const text = change === "put" ? `${key}  ${value}` : `${key}`;
  const style = change === "put" ? "green" : "red";
  printer.item(facts, () => [{ text: change.padEnd(8), style }, { text }]);
}
