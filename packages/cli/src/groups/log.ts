import { type GroupLogEntry, GroupLogSection } from "@mosaik/groups";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { readKeyOf } from "../network/look.ts";
import { bytes } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import type { Column } from "../output/table.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { groupOf, groupViews } from "./views.ts";

/** A node answers at most so many entries at once. */
const pageMax = 64;

/** Prints entries of a group's log, as far as no snapshot covers them. */
export async function printLog(
  host: Host,
  wanted: string,
  options: InspectOptions & {
    readonly from?: number | undefined;
    readonly limit?: number | undefined;
  },
): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, async (joined) => {
    const group = groupOf(await groupViews(host, options, joined), wanted);
    const { peer, view } = group.best;
    const limit = options.limit ?? 50;
    const key = await readKeyOf(host, options);
    const signal = joined.deadline;
    const init = { signal, ...(key === undefined ? {} : { key }) };
    await using inspection = await joined.node.diagnostics.inspect(peer, init);
    const entries: GroupLogEntry[] = [];
    let from = options.from ?? Math.max(1, view.lastIndex - limit + 1);
    while (entries.length < limit) {
      const query = { group: group.id, from };
      const page = await inspection.read(GroupLogSection, { query, signal });
      entries.push(...page.entries);
      const last = page.entries.at(-1)?.index;
      if (last === undefined || last >= page.lastIndex || page.entries.length > pageMax) break;
      from = last + 1;
    }
    printer.list("entries", entries.slice(0, limit), columns);
  });
}

const columns: readonly Column<GroupLogEntry>[] = [
  { title: "INDEX", of: ({ index }) => String(index), align: "right" },
  { title: "TERM", of: ({ term }) => String(term), align: "right" },
  { title: "KIND", of: ({ kind }) => kind },
  { title: "SIZE", of: (entry) => bytes(entry.bytes), align: "right" },
  { title: "COMMANDS", of: ({ commands }) => (commands ?? []).join(" ") },
];
