import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { short } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import { repeat } from "../output/repeat.ts";
import type { Column } from "../output/table.ts";
import type { InspectOptions, ListOptions } from "../settings/common-options.ts";
import { type StoreView, storeOf, storeViews } from "./views.ts";

interface StoreRow {
  readonly [name: string]: unknown;
  readonly name: string;
  readonly store: string;
  readonly kind: string;
  readonly replicas: number;
  readonly size: number;
  readonly version: number;
  /** Whether all replicas at the newest version have the same state. */
  readonly agree: boolean;
}

/** Lists the collections of the network. */
export async function listStores(host: Host, options: ListOptions): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, (joined) =>
    repeat(host, printer, options.watch, async () => {
      const stores = await storeViews(host, options, joined);
      printer.list("stores", stores.map(rowOf), columns);
    }),
  );
}

function rowOf({ id, name, kind, replicas }: StoreView): StoreRow {
  const all = [...replicas.values()];
  const version = Math.max(...all.map((one) => one.version));
  const newest = all.filter((one) => one.version === version);
  const agree = new Set(newest.map(({ hash }) => hash)).size === 1;
  const size = newest[0]?.size ?? 0;
  return { name, store: id, kind, replicas: replicas.size, size, version, agree };
}

const columns: readonly Column<StoreRow>[] = [
  { title: "NAME", of: ({ name }) => name, style: () => "cyan" },
  { title: "ID", of: ({ store }) => short(store), full: ({ store }) => store },
  { title: "KIND", of: ({ kind }) => kind },
  { title: "REPLICAS", of: ({ replicas }) => String(replicas), align: "right" },
  { title: "SIZE", of: ({ size }) => String(size), align: "right" },
  { title: "VERSION", of: ({ version }) => String(version), align: "right" },
  {
    title: "STATE",
    of: ({ agree }) => (agree ? "agree" : "DIFFER"),
    style: ({ agree }) => (agree ? "green" : "red"),
  },
];

interface ReplicaRow {
  readonly [name: string]: unknown;
  readonly peer: string;
  readonly role: string;
  readonly state: string;
  readonly online: boolean;
  readonly durability: string;
  readonly size: number;
  readonly version: number;
  readonly lag: number;
  readonly hash: string;
}

/** Prints the replicas of a collection. */
export async function storeInfo(host: Host, name: string, options: InspectOptions): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, async (joined) => {
    const { replicas } = storeOf(await storeViews(host, options, joined), name);
    const rows = [...replicas].map(([peer, { role, state, online, durability, ...figures }]) => {
      const { size, version, lag, hash } = figures;
      return { peer, role, state, online, durability, size, version, lag, hash };
    });
    rows.sort((a, b) => (a.peer < b.peer ? -1 : 1));
    printer.list<ReplicaRow>("replicas", rows, replicaColumns);
  });
}

const replicaColumns: readonly Column<ReplicaRow>[] = [
  { title: "PEER", of: ({ peer }) => short(peer), full: ({ peer }) => peer, style: () => "cyan" },
  { title: "ROLE", of: ({ role }) => role },
  { title: "STATE", of: ({ state, online }) => (online ? state : `${state}, offline`) },
  { title: "DURABILITY", of: ({ durability }) => durability },
  { title: "SIZE", of: ({ size }) => String(size), align: "right" },
  { title: "VERSION", of: ({ version }) => String(version), align: "right" },
  { title: "LAG", of: ({ lag }) => String(lag), align: "right" },
  { title: "HASH", of: ({ hash }) => short(hash), full: ({ hash }) => hash },
];
