import type { ClusterView, LinkView, NodeView } from "../cluster-view.ts";
import { statusOf } from "../cluster-view.ts";
import { flows, type Role, roles, type Summary } from "../contract.ts";
import { expectedLinks, missingLinks, missingPeers } from "../story/expectations.ts";

/** A node that says nothing for this long is shown as silent. */
const silentMs = 2_000;
/** Departed nodes stay on the screen this long. */
const departedShownMs = 20_000;
/** Lines of the event log that are kept. */
const eventsMax = 200;

/** How a node looks from here. */
export type NodeState = "discovered" | "up" | "silent" | "departed";

/** A node on the screen. */
export interface NodeRow {
  readonly name: string;
  readonly role: Role | undefined;
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
  readonly machine: { readonly by: string; readonly summary: Summary } | undefined;
  readonly events: readonly EventRow[];
}

/** What a picture is made from, beside the cluster's view. */
export interface FrameInput {
  /** Of the clock of the view's times. */
  readonly now: number;
  /** What the operator did to a node, by its name. */
  readonly notes: ReadonlyMap<string, string>;
}

/**
 * What the dashboard remembers between two pictures: the selection, the events, and since when the
 * cluster has been settled.
 */
export class DashboardModel {
  readonly #network: string;
  readonly #startedAt: number;
  readonly #events: EventRow[] = [];
  #known = new Map<string, NodeState>();
  #selected: string | undefined;
  #unsettledAt: number;
  #settledAt: number | undefined;

  constructor(network: string, now: number) {
    this.#network = network;
    this.#startedAt = now;
    this.#unsettledAt = now;
  }

  /** Adds a line to the event log. */
  note(text: string, at: number): void {
    this.#events.push({ at, text });
    if (this.#events.length > eventsMax) this.#events.shift();
  }

  /** Takes a change of the view into account: who came, who went, whether all is settled. */
  follow(view: ClusterView, now: number, wallNow: number): void {
    const before = this.#known;
    this.#known = new Map([...view.nodes.values()].map((node) => [node.peer, stateOf(node, now)]));
    for (const [peer, state] of this.#known) {
      const was = before.get(peer);
      const node = view.nodes.get(peer);
      if (node === undefined || was === state) continue;
      if (state === "departed") {
        this.note(`${node.name} is gone (${node.departed?.reason ?? "unknown"})`, wallNow);
      } else if (was === undefined || was === "departed") {
        this.note(`${node.name} discovered: ${peer.slice(0, 8)}`, wallNow);
      } else if (state === "silent") this.note(`${node.name} says nothing any more`, wallNow);
      else if (was === "silent") this.note(`${node.name} speaks again`, wallNow);
    }
    const lacks = lacking(view);
    if (lacks === undefined) {
      if (this.#settledAt !== undefined) return;
      this.#settledAt = now;
      const ms = Math.round(now - this.#unsettledAt);
      this.note(`settled after ${ms} ms: ${view.present.length} nodes agree`, wallNow);
    } else if (this.#settledAt !== undefined) {
      this.#settledAt = undefined;
      this.#unsettledAt = now;
    }
  }

  /** The name of the selected node. */
  get selected(): string | undefined {
    return this.#selected;
  }

  /** Moves the selection up or down the nodes of a picture. */
  move(frame: Frame, by: number): void {
    const names = frame.nodes.map((node) => node.name);
    const at = names.indexOf(this.#selected ?? "");
    this.#selected = names[Math.min(names.length - 1, Math.max(0, at + by))];
  }

  /** The picture of now. */
  frame(view: ClusterView, { now, notes }: FrameInput): Frame {
    const { links } = view;
    const shown = visible([...view.nodes.values()], now);
    if (!shown.some((node) => node.name === this.#selected)) this.#selected = shown[0]?.name;
    const silent = new Set(
      shown.filter((node) => stateOf(node, now) !== "up").map((node) => node.peer),
    );
    const live = links.filter((link) => !silent.has(link.to));
    const nodes = shown.map((node) => {
      return rowOf(node, live, {
        state: stateOf(node, now),
        note: notes.get(node.name) ?? "",
        selected: node.name === this.#selected,
      });
    });
    const lacks = lacking(view);
    return {
      network: this.#network,
      upMs: now - this.#startedAt,
      nodeCount: view.present.length,
      linkCount: links.length,
      perSecond: sum(live, (link) => link.perSecond),
      items: view.items,
      settled:
        lacks === undefined
          ? { kind: "yes", afterMs: (this.#settledAt ?? now) - this.#unsettledAt }
          : { kind: "no", lacks },
      nodes,
      flows: flowRows(view, live),
      links: linkRows(view, live, this.#selected),
      machine: machineOf(view),
      events: this.#events,
    };
  }
}

function stateOf(node: NodeView, now: number): NodeState {
  if (node.departed !== undefined) return "departed";
  const last = node.statuses.at(-1);
  if (last === undefined) return "discovered";
  return now - last.at > silentMs ? "silent" : "up";
}

/** The nodes that are there and those that left lately and have no successor of their name. */
function visible(nodes: readonly NodeView[], now: number): NodeView[] {
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

function lacking(view: ClusterView): string | undefined {
  const expected = new Set(view.present.map((node) => node.peer));
  const lacks = [...missingPeers(view, expected), ...missingLinks(view)];
  const [first] = lacks;
  return first === undefined || lacks.length === 1
    ? first
    : `${first}, and ${lacks.length - 1} more`;
}

function rowOf(
  node: NodeView,
  links: readonly LinkView[],
  own: Pick<NodeRow, "state" | "note" | "selected">,
): NodeRow {
  const status = statusOf(node);
  return {
    name: node.name,
    role: node.role,
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
function flowRows(view: ClusterView, links: readonly LinkView[]): FlowRow[] {
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

function linkRows(
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

function machineOf(view: ClusterView): Frame["machine"] {
  const newest = [...view.summaries].sort(([, a], [, b]) => b.at - a.at)[0];
  if (newest === undefined) return undefined;
  const [peer, summary] = newest;
  return { by: view.nodes.get(peer)?.name ?? "?", summary };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
