import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { short } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import { repeat } from "../output/repeat.ts";
import type { Column } from "../output/table.ts";
import type { ListOptions } from "../settings/common-options.ts";
import type { Style } from "../terminal/text.ts";
import { type GroupView, groupViews, type Health, healthOf, leaderOf } from "./views.ts";

interface GroupRow {
  readonly [name: string]: unknown;
  readonly group: string;
  readonly name: string;
  readonly machine: string;
  readonly members: number;
  readonly voters: number;
  readonly leader: string | undefined;
  readonly term: number;
  readonly commit: number;
  readonly state: Health;
}

/** Lists the groups of the network. */
export async function listGroups(host: Host, options: ListOptions): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, (joined) =>
    repeat(host, printer, options.watch, async () => {
      const groups = await groupViews(host, options, joined);
      printer.list("groups", groups.map(rowOf), columns);
    }),
  );
}

function rowOf(group: GroupView): GroupRow {
  const { view } = group.best;
  const members = Object.values(view.members);
  return {
    group: group.id,
    name: group.name,
    machine: group.machine,
    members: members.length,
    voters: members.filter(({ voting }) => voting).length,
    leader: leaderOf(group),
    term: view.term,
    commit: view.commit,
    state: healthOf(group),
  };
}

/** How a state looks. */
export const healthStyles: Readonly<Record<Health, Style>> = {
  healthy: "green",
  degraded: "yellow",
  "no leader": "red",
};

const columns: readonly Column<GroupRow>[] = [
  { title: "ID", of: ({ group }) => short(group), full: ({ group }) => group, style: () => "cyan" },
  { title: "NAME", of: ({ name }) => name },
  { title: "MEMBERS", of: ({ members }) => String(members), align: "right" },
  { title: "VOTERS", of: ({ voters }) => String(voters), align: "right" },
  { title: "LEADER", of: ({ leader }) => (leader === undefined ? "" : short(leader)) },
  { title: "TERM", of: ({ term }) => String(term), align: "right" },
  { title: "COMMIT", of: ({ commit }) => String(commit), align: "right" },
  { title: "STATE", of: ({ state }) => state, style: ({ state }) => healthStyles[state] },
];
