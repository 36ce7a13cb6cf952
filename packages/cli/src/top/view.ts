import { bytes, duration, number, short } from "../output/figures.ts";
import { type Column, layOut } from "../output/table.ts";
import type { StreamRow } from "../streams/rows.ts";
import type { Line, Span } from "../terminal/text.ts";
import { type Choice, type GroupRow, type PeerRow, type Rows, type Tab, tabs } from "./model.ts";

/** A column, and what rows are sorted by when it is chosen. */
interface Sorted<Row> extends Column<Row> {
  readonly by: (row: Row) => string | number;
}

const peerColumns: readonly Sorted<PeerRow>[] = [
  { title: "PEER", of: ({ peer }) => short(peer), by: ({ peer }) => peer, style: () => "cyan" },
  {
    title: "TAGS",
    of: ({ tags, looks }) => (looks ? tags.join(" ") : "does not let us look"),
    by: ({ tags }) => tags.join(" "),
  },
  {
    title: "LINKS",
    of: ({ connections }) => String(connections),
    by: ({ connections }) => connections,
    align: "right",
  },
  {
    title: "RELAYED",
    of: ({ relayed }) => String(relayed),
    by: ({ relayed }) => relayed,
    align: "right",
  },
  {
    title: "RTT",
    of: ({ rttMs }) => duration(rttMs),
    by: ({ rttMs }) => rttMs ?? 0,
    align: "right",
  },
  {
    title: "SENT/S",
    of: ({ sentPerSecond }) => bytes(sentPerSecond),
    by: ({ sentPerSecond }) => sentPerSecond,
    align: "right",
  },
  {
    title: "RECEIVED/S",
    of: ({ receivedPerSecond }) => bytes(receivedPerSecond),
    by: ({ receivedPerSecond }) => receivedPerSecond,
    align: "right",
  },
  {
    title: "UP",
    of: ({ uptimeMs }) => duration(uptimeMs),
    by: ({ uptimeMs }) => uptimeMs ?? 0,
    align: "right",
  },
];

const streamColumns: readonly Sorted<StreamRow>[] = [
  { title: "STREAM", of: ({ name }) => name, by: ({ name }) => name, style: () => "cyan" },
  {
    title: "PRODUCERS",
    of: ({ producers }) => String(producers),
    by: ({ producers }) => producers,
    align: "right",
  },
  {
    title: "CONSUMERS",
    of: ({ consumers }) => String(consumers),
    by: ({ consumers }) => consumers,
    align: "right",
  },
  {
    title: "ITEMS/S",
    of: ({ itemsPerSecond }) => String(itemsPerSecond),
    by: ({ itemsPerSecond }) => itemsPerSecond,
    align: "right",
  },
  {
    title: "DROPPED",
    of: ({ dropped }) => String(dropped),
    by: ({ dropped }) => dropped,
    align: "right",
    style: ({ dropped }) => (dropped > 0 ? "yellow" : undefined),
  },
  {
    title: "WAITING",
    of: ({ waitingItems }) => String(waitingItems),
    by: ({ waitingItems }) => waitingItems,
    align: "right",
  },
];

const healthStyles = { healthy: "green", degraded: "yellow", "no leader": "red" } as const;
const groupColumns: readonly Sorted<GroupRow>[] = [
  { title: "GROUP", of: ({ id }) => short(id), by: ({ id }) => id, style: () => "cyan" },
  { title: "NAME", of: ({ name }) => name, by: ({ name }) => name },
  {
    title: "HEALTH",
    of: ({ health }) => health,
    by: ({ health }) => health,
    style: ({ health }) => Object.entries(healthStyles).find(([name]) => name === health)?.[1],
  },
  {
    title: "LEADER",
    of: ({ leader }) => (leader === undefined ? "-" : short(leader)),
    by: ({ leader }) => leader ?? "",
  },
  { title: "TERM", of: ({ term }) => number(term), by: ({ term }) => term, align: "right" },
  {
    title: "MEMBERS",
    of: ({ members }) => String(members),
    by: ({ members }) => members,
    align: "right",
  },
  {
    title: "VOTERS",
    of: ({ voters }) => String(voters),
    by: ({ voters }) => voters,
    align: "right",
  },
  {
    title: "COMMITTED",
    of: ({ commit }) => number(commit),
    by: ({ commit }) => commit,
    align: "right",
  },
  { title: "TRAILS BY", of: ({ lag }) => number(lag), by: ({ lag }) => lag, align: "right" },
];

/** The whole screen: as many lines as there are rows, but for those at the end that are empty. */
export function view(
  network: string,
  rows: Rows | undefined,
  choice: Choice,
  size: { readonly columns: number; readonly rows: number },
): Line[] {
  const title = header(network, rows, choice.tab);
  if (rows === undefined) return [...title, [{ text: "looking around…", style: "dim" }]];
  const room = Math.max(1, size.rows - title.length - 2);
  const table = tableOf(rows, choice, size.columns);
  const [head = [], ...body] = table;
  const scroll = Math.min(choice.scroll, Math.max(0, body.length - room));
  const shown = body.slice(scroll, scroll + room);
  const filler: Line[] = Array.from({ length: room - shown.length }, () => []);
  const nothing: Line[] = [[{ text: emptiness(choice), style: "dim" }]];
  const lines = shown.length === 0 ? [...nothing, ...filler.slice(1)] : [...shown, ...filler];
  return [...title, head, ...lines, footer(choice)];
}

function header(network: string, rows: Rows | undefined, tab: Tab): Line[] {
  const sick = rows?.groups.filter(({ health }) => health !== "healthy").length ?? 0;
  const facts: Span[] = [
    { text: "mosaik top ", style: "bold" },
    { text: network },
    { text: rows === undefined ? "" : `  ${rows.peers.length} nodes`, style: "dim" },
  ];
  if (sick > 0) facts.push({ text: `  ${sick} groups not healthy`, style: "red" });
  if (rows !== undefined && rows.silent > 0) {
    facts.push({ text: `  ${rows.silent} do not let us look`, style: "yellow" });
  }
  const names = tabs.map((name, at): Span => {
    const text = ` ${at + 1} ${name} `;
    return name === tab ? { text, style: "selected" } : { text };
  });
  return [facts, names, []];
}

function tableOf(rows: Rows, choice: Choice, columns: number): Line[] {
  if (choice.tab === "peers") return sorted(rows.peers, peerColumns, choice, columns);
  if (choice.tab === "streams") return sorted(rows.streams, streamColumns, choice, columns);
  return sorted(rows.groups, groupColumns, choice, columns);
}

function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Sorted<Row>[],
  { sort, descending, filter }: Choice,
  width: number,
): Line[] {
  const at = sort % columns.length;
  const by = columns[at]?.by ?? (() => 0);
  const wanted = filter.toLowerCase();
  const found = rows.filter((row) =>
    columns.some(({ of, full }) =>
      `${of(row)} ${full?.(row) ?? ""}`.toLowerCase().includes(wanted),
    ),
  );
  const sign = descending ? -1 : 1;
  found.sort((left, right) => (by(left) < by(right) ? -sign : by(left) > by(right) ? sign : 0));
  const marked = columns.map((column, index) =>
    index === at ? { ...column, title: `${column.title}${descending ? "v" : "^"}` } : column,
  );
  return layOut(found, marked, width);
}

function emptiness({ tab, filter }: Choice): string {
  return filter === "" ? `no ${tab} yet` : `no ${tab} with '${filter}'`;
}

function footer({ isFiltering, filter }: Choice): Line {
  if (isFiltering)
    return [
      { text: `/${filter}`, style: "bold" },
      { text: "  enter: keep  esc: drop", style: "dim" },
    ];
  const kept = filter === "" ? "" : `  filter: ${filter}`;
  return [
    {
      text: `tab 1 2 3: view  s r: sort  /: filter  up down: scroll  q: quit${kept}`,
      style: "dim",
    },
  ];
}
