import { type ClusterView, type LinkView, type NodeView, statusOf } from "../cluster-view.ts";
import { flows, type Role, roles, type Summary } from "../contract.ts";
import { expectedLinks, missingLinks, missingPeers } from "../story/expectations.ts";

/** A node that says nothing for this long is shown as silent. */
const silentMs = 2_000;
/** Departed nodes stay on the screen this long. */
const departedShownMs = 20_000;

/** How a node looks from here. */
export type NodeState = "discovered" | "up" | "silent" | "departed";

/** A node on the screen. */
export interface NodeRow {
  readonly name: string;
  readonly peer: string;
  readonly state: NodeState;
  /** What the operator did to it. */
  readonly note: string;
  readonly pid: number | undefined;
  readonly uptimeMs: number | undefined;
  readonly memoryBytes: number | undefined;
  /** Nodes in its catalog, itself included. */
  readonly knows: number | undefined;
  readonly inPerSecond: number;
  readonly outPerSecond: number;
  readonly selected: boolean;
}

/** All subscriptions of a stream between two roles. */
export interface FlowRow {
  readonly stream: string;
  readonly from: string;
  readonly to: string;
  readonly links: number;
  readonly expected: number;
  readonly perSecond: number;
  readonly lagMs: number | undefined;
  readonly dropped: number;
}

/** A subscription of the selected node. */
export interface LinkRow {
  readonly way: "from" | "to";
  readonly other: string;
  readonly stream: string;
  readonly items: number;
  readonly perSecond: number;
  readonly lagMs: number | undefined;
  readonly dropped: number;
}

/** The aggregators' group. */
export interface GroupRow {
  readonly term: number;
  readonly leader: string | undefined;
  /** Each member and what it is: leader, voter, learner, observer; `?` where it is out of reach. */
  readonly members: readonly { readonly name: string; readonly part: string }[];
  readonly position: number;
  readonly entries: number;
  readonly perSecond: number;
}

/** Something that happened. */
export interface EventRow {
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** All that one picture shows. */
export interface Frame {
  readonly network: string;
  readonly upMs: number;
  readonly nodeCount: number;
  readonly linkCount: number;
  readonly perSecond: number;
  readonly items: number;
  /** Whether every catalog is complete and every expected subscription is up, else what lacks. */
  readonly settled:
    | { readonly kind: "yes"; readonly afterMs: number }
    | { readonly kind: "no"; readonly lacks: string };
  readonly nodes: readonly NodeRow[];
  readonly flows: readonly FlowRow[];
  readonly links: readonly LinkRow[];
  readonly group: GroupRow | undefined;
  readonly machine: { readonly by: string; readonly summary: Summary } | undefined;
  readonly events: readonly EventRow[];
}

/** How a node looks. */
export function stateOf(node: NodeView, now: number): NodeState {
  if (node.departed !== undefined) return "departed";
  const last = node.statuses.at(-1);
  if (last === undefined) return "discovered";
  return now - last.at > silentMs ? "silent" : "up";
}

/** The nodes that are there and those that left lately and have no successor of their name. */
export function visible(nodes: readonly NodeView[], now: number): NodeView[] {
  const present = new Set(
    nodes.filter((node) => node.departed === undefined).map((node) => node.name),
  );
  const last = new Map<string, NodeView>();
  for (const node of nodes) {
    if (node.departed === undefined) last.set(node.peer, node);
    else if (!present.has(node.name) && now - node.departed.at < departedShownMs) {
      const other = last.get(node.name);
      if ((other?.departed?.at ?? 0) <= node.departed.at) last.set(node.name, node);
    }
  }
  const rank = (node: NodeView): number =>
    node.role === undefined ? roles.length : roles.indexOf(node.role);
  return [...last.values()].sort(
    (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en", { numeric: true }),
  );
}

/** What lacks for the nodes that are there to agree; `undefined` where nothing does. */
export function lacking(view: ClusterView): string | undefined {
  const expected = new Set(view.present.map((node) => node.peer));
  const lacks = [...missingPeers(view, expected), ...missingLinks(view)];
  const [first] = lacks;
  return first === undefined || lacks.length === 1
    ? first
    : `${first}, and ${lacks.length - 1} more`;
}

/** The row of a node. */
export function rowOf(
  node: NodeView,
  links: readonly LinkView[],
  own: Pick<NodeRow, "state" | "note" | "selected">,
): NodeRow {
  const status = statusOf(node);
  return {
    name: node.name,
    peer: node.peer,
    pid: status?.pid,
    uptimeMs: status?.uptimeMs,
    memoryBytes: status?.memoryBytes,
    knows: status === undefined ? undefined : status.peers.length + 1,
    inPerSecond: sum(links, (link) => (link.to === node.peer ? link.perSecond : 0)),
    outPerSecond: sum(links, (link) => (link.from === node.peer ? link.perSecond : 0)),
    ...own,
  };
}

/** The declared flows, as far as there are nodes for them, with what was inferred from tags. */
export function flowRows(view: ClusterView, links: readonly LinkView[]): FlowRow[] {
  const roleOf = (peer: string): Role | undefined => view.nodes.get(peer)?.role;
  const expected = expectedLinks(view.present);
  return flows.flatMap((flow) =>
    flow.to.flatMap((to) => {
      const mine = links.filter((link) => link.stream === flow.stream && roleOf(link.to) === to);
      const wanted = expected.filter((link) => link.stream === flow.stream && link.to.role === to);
      if (wanted.length === 0 && mine.length === 0) return [];
      const sources = new Set(wanted.map((link) => link.from.peer));
      const sinks = new Set(wanted.map((link) => link.to.peer));
      const lags = mine.flatMap((link) => link.lagMs ?? []);
      return {
        stream: flow.stream,
        from: `${flow.from.length === 1 ? flow.from[0] : "everybody"} ×${sources.size}`,
        to: `${to} ×${sinks.size}`,
        links: mine.length,
        expected: wanted.length,
        perSecond: sum(mine, (link) => link.perSecond),
        lagMs: lags.length === 0 ? undefined : Math.max(...lags),
        dropped: sum(mine, (link) => link.dropped),
      };
    }),
  );
}

/** The subscriptions of a node. */
export function linkRows(
  view: ClusterView,
  links: readonly LinkView[],
  selected: string | undefined,
): LinkRow[] {
  const node = view.present.find((one) => one.name === selected);
  if (node === undefined) return [];
  return links
    .flatMap((link) => {
      if (link.from !== node.peer && link.to !== node.peer) return [];
      const way = link.to === node.peer ? "from" : "to";
      const other = view.nodes.get(way === "from" ? link.from : link.to)?.name ?? "?";
      const { stream, items, perSecond, lagMs, dropped } = link;
      return { way, other, stream, items, perSecond, lagMs, dropped } as const;
    })
    .sort((a, b) => textOf(a).localeCompare(textOf(b), "en", { numeric: true }));
}

function textOf({ way, stream, other }: LinkRow): string {
  return `${way} ${stream} ${other}`;
}

/** The group as the dashboard's own membership sees it. */
export function groupOf(view: ClusterView): GroupRow | undefined {
  if (view.ledger === undefined) return undefined;
  const { status, state, perSecond } = view.ledger;
  const nameOf = (peer: string): string => view.nodes.get(peer)?.name ?? peer.slice(0, 8);
  const members = status.members.map(({ id, peer, kind, voting }) => {
    const there = view.nodes.get(peer)?.departed === undefined;
    const part =
      id === status.leader ? "leads" : voting ? "votes" : kind === "data" ? "learns" : "observes";
    return { name: nameOf(peer), part: there ? part : `${part}?` };
  });
  const leader = status.members.find(({ id }) => id === status.leader);
  return {
    term: status.term,
    leader: leader === undefined ? undefined : nameOf(leader.peer),
    members: members.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true })),
    position: status.applied,
    entries: state.entries,
    perSecond,
  };
}

/** The newest summary of the machine. */
export function machineOf(view: ClusterView): Frame["machine"] {
  const newest = [...view.summaries].sort(([, a], [, b]) => b.at - a.at)[0];
  if (newest === undefined) return undefined;
  const [peer, summary] = newest;
  return { by: view.nodes.get(peer)?.name ?? "?", summary };
}

/** Adds up. */
export function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
