import { WatchSource } from "@mosaik/primitives";
import type { GroupStatus, PeerEntry } from "mosaik";
import { claimOf, type Role, type Status, type Summary } from "./contract.ts";
import type { LedgerState } from "./ledger.ts";
import type { Ranges } from "./ranges.ts";
import type { TotalsState } from "./totals.ts";

/** A node as far as it told, or was told of. */
export interface NodeView {
  readonly peer: string;
  readonly name: string;
  readonly role: Role | undefined;
  /** Since when its catalog entry is known. Times are milliseconds of the observer's clock. */
  readonly discoveredAt: number;
  readonly departed?: { readonly at: number; readonly reason: string };
  /** The newest statuses, oldest first: what rates are made from. */
  readonly statuses: readonly { readonly status: Status; readonly at: number }[];
}

/** A subscription as its consumer reported it. */
export interface LinkView {
  readonly stream: string;
  readonly from: string;
  readonly to: string;
  readonly items: number;
  readonly bytes: number;
  readonly dropped: number;
  readonly lagMs: number | undefined;
  readonly perSecond: number;
  /** When the consumer reported it, milliseconds of its wall clock. */
  readonly at: number;
}

/** The aggregators' group as the dashboard's own membership sees it. */
export interface LedgerView {
  readonly status: GroupStatus;
  readonly state: LedgerState;
  /** Entries a second. */
  readonly perSecond: number;
}

/** Versions of what is shared that are remembered. */
const versionsMax = 256;

/** Rates are taken over this long. */
const rateWindowMs = 2_000;
/** Departed nodes that are remembered; the oldest are forgotten. */
const departedMax = 64;

/**
 * The cluster as one node sees it: catalog events, and what the nodes report over mosaik.
 *
 * Decides what is known of whom. A node is known while its entry is in the catalog and for a while
 * after it departed; a status of a node that is not in the catalog is ignored. Names and roles are
 * claims of the entries' tags.
 */
export class ClusterView {
  readonly #nodes = new Map<string, NodeView>();
  readonly #summaries = new Map<string, Summary>();
  readonly #changes = new WatchSource(0);
  readonly #acknowledged = new Map<string, Ranges>();
  readonly #entries: { readonly count: number; readonly at: number }[] = [];
  #ledger: LedgerView | undefined;
  readonly #totals = new Map<string, TotalsState>();
  readonly #shares = new Map<number, NonNullable<Status["latest"]>>();
  #forgottenItems = 0;

  /** Counts every change. */
  get changes(): WatchSource<number> {
    return this.#changes;
  }

  /** All known nodes by peer id, the departed ones included. */
  get nodes(): ReadonlyMap<string, NodeView> {
    return this.#nodes;
  }

  /** The newest summary of each aggregator, by its peer id. */
  get summaries(): ReadonlyMap<string, Summary> {
    return this.#summaries;
  }

  /** The nodes that are there. */
  get present(): readonly NodeView[] {
    return [...this.#nodes.values()].filter((node) => node.departed === undefined);
  }

  /** The subscriptions of the nodes that are there, as the newest status of each consumer says. */
  get links(): readonly LinkView[] {
    return this.present.flatMap((node) => linksOf(node));
  }

  /** Items that all nodes together have consumed so far, as far as they told. */
  get items(): number {
    let items = this.#forgottenItems;
    for (const node of this.#nodes.values()) items += statusOf(node)?.audit.items ?? 0;
    return items;
  }

  /** The group, once the dashboard's node has joined it. */
  get ledger(): LedgerView | undefined {
    return this.#ledger;
  }

  /** The entries that were acknowledged to each writer, as far as it told, the departed included. */
  get acknowledged(): ReadonlyMap<string, Ranges> {
    return this.#acknowledged;
  }

  /** An entry came into the catalog, or changed. */
  discovered(entry: PeerEntry, now: number): void {
    const known = this.#nodes.get(entry.peer);
    const fresh = known === undefined || known.departed !== undefined;
    this.#nodes.set(entry.peer, {
      peer: entry.peer,
      ...claimOf(entry),
      discoveredAt: fresh ? now : known.discoveredAt,
      // What it said before it departed says nothing of how it is now.
      statuses: fresh ? [] : known.statuses,
    });
    this.#changed();
  }

  /** An entry left the catalog. */
  departed(peer: string, reason: string, now: number): void {
    const known = this.#nodes.get(peer);
    if (known === undefined) return;
    this.#nodes.set(peer, { ...known, departed: { at: now, reason } });
    this.#summaries.delete(peer);
    const gone = [...this.#nodes.values()].filter((node) => node.departed !== undefined);
    const [oldest] = gone.sort((a, b) => (a.departed?.at ?? 0) - (b.departed?.at ?? 0));
    if (gone.length > departedMax && oldest !== undefined) {
      this.#forgottenItems += statusOf(oldest)?.audit.items ?? 0;
      this.#nodes.delete(oldest.peer);
    }
    this.#changed();
  }

  /** A node said how it is. */
  reported(peer: string, status: Status, now: number): void {
    const known = this.#nodes.get(peer);
    if (known === undefined || known.departed !== undefined) return;
    const told = status.ledger?.acknowledged;
    if (told !== undefined) this.#acknowledged.set(told.writer, told.ranges);
    const recent = known.statuses.filter(({ at }, index) => {
      const next = known.statuses[index + 1];
      return next !== undefined ? next.at > now - rateWindowMs : at > now - 2 * rateWindowMs;
    });
    this.#nodes.set(peer, { ...known, statuses: [...recent, { status, at: now }] });
    this.#changed();
  }

  /** The group agreed on something, or is another than before. */
  agreed(status: GroupStatus, state: LedgerState, now: number): void {
    this.#entries.push({ count: state.entries, at: now });
    while ((this.#entries[1]?.at ?? now) <= now - rateWindowMs) this.#entries.shift();
    const first = this.#entries[0] ?? { count: state.entries, at: now };
    const elapsed = Math.max(rateWindowMs / 2, now - first.at);
    const perSecond = ((state.entries - first.count) * 1_000) / elapsed;
    this.#ledger = { status, state, perSecond };
    this.#changed();
  }

  /** What the map of newest summaries was here, by version; the newest is last. */
  get shares(): ReadonlyMap<number, NonNullable<Status["latest"]>> {
    return this.#shares;
  }

  /** The map of newest summaries is another here. */
  shared(latest: NonNullable<Status["latest"]>): void {
    remember(this.#shares, latest.version, latest);
    this.#changed();
  }

  /** What the view of the summaries was here, by version; the newest is last. */
  get totals(): ReadonlyMap<string, TotalsState> {
    return this.#totals;
  }

  /** The view of the summaries is another here. */
  folded(totals: TotalsState): void {
    remember(this.#totals, totals.version, totals);
    this.#changed();
  }

  /** An aggregator said what it made of a window. */
  summarised(peer: string, summary: Summary): void {
    if (this.#nodes.get(peer)?.departed !== undefined) return;
    this.#summaries.set(peer, summary);
    this.#changed();
  }

  #changed(): void {
    this.#changes.set(this.#changes.value + 1);
  }
}

function remember<Key, Value>(versions: Map<Key, Value>, version: Key, value: Value): void {
  versions.set(version, value);
  const [oldest] = versions.keys();
  if (versions.size > versionsMax && oldest !== undefined) versions.delete(oldest);
}

/** The newest status of a node. */
export function statusOf(node: NodeView): Status | undefined {
  return node.statuses.at(-1)?.status;
}

function linksOf(node: NodeView): LinkView[] {
  const last = statusOf(node);
  if (last === undefined) return [];
  return last.inputs.map((input) => ({
    stream: input.stream,
    from: input.peer,
    to: node.peer,
    items: input.items,
    bytes: input.bytes,
    dropped: input.dropped,
    lagMs: input.lagMs,
    perSecond: rate(node, last, input),
    at: last.at,
  }));
}

/** Items a second of a subscription, over the statuses that know this very subscription. */
function rate(node: NodeView, last: Status, input: Status["inputs"][number]): number {
  const established = last.at - input.uptimeMs;
  for (const { status } of node.statuses) {
    const earlier = status.inputs.find(
      (one) => one.stream === input.stream && one.peer === input.peer,
    );
    if (earlier === undefined || status.at < established || status.at >= last.at) continue;
    return ((input.items - earlier.items) * 1_000) / (last.at - status.at);
  }
  return input.uptimeMs > 0 ? (input.items * 1_000) / input.uptimeMs : 0;
}
