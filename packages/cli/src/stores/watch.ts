import { type StoreItem, StoreItemsSection } from "@mosaik/store";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { Printer, say } from "../output/printer.ts";
import { startCommand } from "../running/child-command.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { factsOf } from "./read.ts";
import { openToRead, storeOf, storeViews } from "./views.ts";

/** What a node tells at once: of larger collections a prefix must be named. */
const itemsMax = 256;

/** What to watch. */
export interface Watched {
  readonly name: string;
  readonly key: string | undefined;
  /** What to run at each change; empty to print it. */
  readonly command: readonly string[];
}

/**
 * Prints what changes in a collection, or runs a command for each change, from what there is now on,
 * until the user ends it. What changes again while a command runs is told as it is afterwards.
 */
export async function watchStore(
  host: Host,
  { name, key, command }: Watched,
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
    const tell = async (change: Change, item: StoreItem, version: number): Promise<void> => {
      if (command.length === 0) return print(printer, change, item, version);
      const code = await run(host, command, { change, item, version }, joined.signal);
      if (code !== 0) say(host, options, `${command[0]} ended with ${code}`);
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
        await tell("put", item, page.version);
      }
      for (const [itemKey, item] of before) {
        if (!now.has(itemKey)) await tell("remove", item, page.version);
      }
      before = now;
    }
  });
}

type Change = "put" | "remove";

interface Changed {
  readonly change: Change;
  readonly item: StoreItem;
  readonly version: number;
}

/** Runs the command for a change, which it finds in its environment; its exit code. */
async function run(
  host: Host,
  command: readonly string[],
  { change, item: { key = "", value = "" }, version }: Changed,
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted();
  const running = startCommand(host, command, {
    MOSAIK_CHANGE: change,
    MOSAIK_KEY: key,
    MOSAIK_VERSION: String(version),
    ...(change === "put" ? { MOSAIK_VALUE: value } : {}),
  });
  signal.addEventListener("abort", running.end, { once: true });
  try {
    return await running.exit;
  } finally {
    signal.removeEventListener("abort", running.end);
  }
}

function print(printer: Printer, change: Change, item: StoreItem, version: number): void {
  const { key = "", value = "" } = item;
  const facts = { change, version, ...factsOf(item) };
  const text = change === "put" ? `${key}  ${value}` : `${key}`;
  const style = change === "put" ? "green" : "red";
  printer.item(facts, () => [{ text: change.padEnd(8), style }, { text }]);
}
