import {
  createNetwork,
  diagnostics,
  discovery,
  type GroupKey,
  groups,
  type Log,
  libp2pTransport,
  memoryStorage,
  type Node,
  type PeerEntry,
  replay,
  stores,
  streams,
  type View,
  views,
} from "mosaik";
import { ClusterView } from "./cluster-view.ts";
import { anyOf, flowOf, Statuses, Summaries, tagsOf } from "./contract.ts";
import { readLatest } from "./latest.ts";
import { joinLedger, type LedgerGroup } from "./ledger.ts";
import { Reporter } from "./reporter.ts";
import { stateOf, type Total, Totals } from "./totals.ts";

/** The name of the dashboard's node. */
export const observerName = "dashboard";

/** The dashboard's node: a node like any other, and all that there is to know comes through it. */
export interface Observer {
  readonly node: Node;
  readonly view: ClusterView;
  /** Its own membership of the aggregators' group: an observer, with a copy of the ledger. */
  readonly ledger: LedgerGroup;
  /** Says goodbye. Idempotent. */
  close(): Promise<void>;
}

/** Joins a network and begins to observe. */
export async function createObserver(init: {
  readonly network: string;
  readonly key: GroupKey;
  readonly seed: string;
  readonly log: Log;
}): Promise<Observer> {
  const node = await createNetwork({
    network: init.network,
    seeds: [init.seed],
    tags: tagsOf("dashboard", observerName),
    transport: libp2pTransport({ listen: ["127.0.0.1:0", "ws://127.0.0.1:0"] }),
    services: {
      discovery: discovery(),
      streams: streams(),
      groups: groups(),
      stores: stores(),
      replay: replay(),
      views: views(),
      diagnostics: diagnostics(),
    },
    log: init.log,
  });
  const view = new ClusterView();
  const reporter = new Reporter(node);
  void followCatalog(node, view);
  const statuses = node.streams.consume(Statuses, { from: anyOf(flowOf(Statuses).from) });
  void reporter.follow(statuses, (status, peer) => view.reported(peer, status, performance.now()));
  const summaries = node.streams.consume(Summaries, { from: anyOf(flowOf(Summaries).from) });
  void reporter.follow(summaries, (summary, peer) => view.summarised(peer, summary));
  const ledger = await joinLedger(node, init.key, memoryStorage(), "observer");
  reporter.keeps(ledger);
  followLedger(ledger, view);
  const latest = await readLatest(node, init.key, memoryStorage());
  reporter.shares(latest);
  latest.status.subscribe(({ version, size, hash }) => view.shared({ version, size, hash }));
  const totals = node.views.read(Totals);
  void followTotals(totals, view);
  // Its own status needs no network to reach it.
  const reporting = reporter.start((status) => view.reported(node.peer, status, performance.now()));
  return {
    node,
    view,
    ledger,
    async close() {
      reporting[Symbol.dispose]();
      await node.close();
    },
  };
}

/** Its own copy of a view that it does not fold. */
async function followTotals(totals: View<Total>, view: ClusterView): Promise<void> {
  for await (const _ of totals.watch()) view.folded(stateOf(totals));
}

function followLedger(ledger: LedgerGroup, view: ClusterView): void {
  const look = async (): Promise<void> => {
    const { value: state } = await ledger.query("state");
    view.agreed(ledger.status.value, state, performance.now());
  };
  const follow = (): void => void look().catch(() => {}); // closed: nothing more to see
  ledger.status.subscribe(follow);
  follow();
}

async function followCatalog(node: Node, view: ClusterView): Promise<void> {
  const events = node.discovery.events();
  readCatalog(node, view);
  for await (const event of events) {
    const now = performance.now();
    if (event.kind === "lagged") readCatalog(node, view);
    else if (event.kind === "departed") view.departed(event.entry.peer, event.reason, now);
    else view.discovered(event.entry, now);
  }
}

/** Makes the view what the catalog is, whatever happened in between. */
function readCatalog(node: Node, view: ClusterView): void {
  const { me, peers } = node.discovery.catalog.value;
  const now = performance.now();
  const entries = new Map<string, PeerEntry>([...peers, [me.peer, me]]);
  for (const entry of entries.values()) view.discovered(entry, now);
  for (const { peer } of view.present) {
    if (!entries.has(peer)) view.departed(peer, "unnoticed", now);
  }
}
