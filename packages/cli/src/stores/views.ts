import type { PeerId } from "@mosaik/primitives";
import { type CollectionInsight, StoresSection } from "@mosaik/store";
import type { Inspection } from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { Joined, Observer } from "../network/join.ts";
import { lookInto, readKeyOf, writeKeyOf } from "../network/look.ts";
import type { ActOptions, InspectOptions } from "../settings/common-options.ts";

/** A collection, as the nodes tell it that have it open and let us look. */
export interface StoreView {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** What each says, by its peer id. */
  readonly replicas: ReadonlyMap<PeerId, CollectionInsight>;
}

/** All collections that a node tells of, in the order of their names. */
export async function storeViews(
  host: Host,
  options: InspectOptions,
  { node, deadline }: Joined<Observer>,
): Promise<StoreView[]> {
  const peers = node.discovery.catalog.value.peers.keys();
  const init = { key: await readKeyOf(host, options), signal: deadline };
  type Told = Readonly<Record<string, CollectionInsight>>;
  const looks = await lookInto<Told>(node, peers, init, async (inspection) =>
    inspection.sections.has(StoresSection.name) ? inspection.read(StoresSection, init) : {},
  );
  const stores = new Map<
    string,
    StoreView & { readonly replicas: Map<PeerId, CollectionInsight> }
  >();
  for (const [peer, look] of looks) {
    for (const [id, told] of Object.entries(look.ok ? look.value : {})) {
      const { name, kind } = told;
      const store = stores.get(id) ?? { id, name, kind, replicas: new Map() };
      store.replicas.set(peer, told);
      stores.set(id, store);
    }
  }
  return [...stores.values()].sort((a, b) => (a.name + a.id < b.name + b.id ? -1 : 1));
}

/**
 * The collection of a name, or of the first digits of its id.
 *
 * @throws CliError with `CLI_NOT_FOUND` or `CLI_AMBIGUOUS`.
 */
export function storeOf(stores: readonly StoreView[], wanted: string): StoreView {
  const named = stores.filter(({ name }) => name === wanted);
  const found = named.length > 0 ? named : stores.filter(({ id }) => id.startsWith(wanted));
  const [first, second] = found;
  if (first === undefined) {
    const message = `no node that lets us look has a store '${wanted}' open`;
    throw new CliError("CLI_NOT_FOUND", message, { hint: "mosaik store ls" });
  }
  if (second === undefined) return first;
  throw new CliError("CLI_AMBIGUOUS", `${found.length} stores go by '${wanted}'`);
}

/** Opens an inspection of the replica to read from: the leader's, else the one that got furthest. */
export async function openToRead(
  host: Host,
  options: InspectOptions,
  joined: Joined<Observer>,
  store: StoreView,
): Promise<Inspection> {
  const key = await readKeyOf(host, options);
  return joined.node.diagnostics.inspect(foremost(store), {
    signal: joined.deadline,
    ...(key === undefined ? {} : { key }),
  });
}

/** Opens an inspection of a writer of a store, to have it write. */
export async function openToWrite(
  host: Host,
  options: ActOptions,
  joined: Joined<Observer>,
  store: StoreView,
): Promise<Inspection> {
  const key = await writeKeyOf(host, options);
  return joined.node.diagnostics.inspect(foremost(store), {
    grant: "write",
    signal: joined.deadline,
    ...(key === undefined ? {} : { key }),
  });
}

function foremost({ replicas, name }: StoreView): PeerId {
  const rank = ({ role, online, version }: CollectionInsight): number =>
    (role === "leader" ? 2e15 : 0) + (role === "reader" ? 0 : 1e15) + (online ? version : 0);
  const [first] = [...replicas].sort(([, a], [, b]) => rank(b) - rank(a));
  if (first === undefined) throw new CliError("CLI_NOT_FOUND", `nobody has '${name}' open`);
  return first[0];
}
