import {
  Cleanup,
  type Clock,
  deriveKey,
  type Ed25519,
  encodeUtf8,
  type Identity,
  type Log,
  type Meter,
  type NetworkId,
  networkId,
  type PeerId,
  type Random,
  silentLog,
  type Watch,
} from "@mosaik/primitives";
import { ed25519, systemClock, systemRandom } from "@mosaik/primitives/system";
import { type ConnectionOptions, connectionDefaults } from "./config.ts";
import { buildOrder } from "./core/build-order.ts";
import { checkedKey } from "./diagnostics/inspection-key.ts";
import { Contribution, describeLog } from "./diagnostics/shell/contribution.ts";
import { describedMeter } from "./diagnostics/shell/described-meter.ts";
import { Registry } from "./diagnostics/shell/registry.ts";
import { TransportError } from "./errors.ts";
import { formatInvite } from "./invite.ts";
import { joining } from "./joining.ts";
import type {
  ConnectionInfo,
  MeetsNeeds,
  Service,
  ServiceContext,
  ServiceFactories,
  ServicesOf,
} from "./service.ts";
import { Connections } from "./shell/connections.ts";
import { describeNode } from "./shell/describe-node.ts";
import type { TransportFactory } from "./transport.ts";

/** What a network is made from. */
export interface NetworkInit<M> {
  /** The network's name: all that its nodes must share. */
  readonly network: string;
  /**
   * A secret that its nodes share, at least 16 bytes: who cannot prove to know it is refused before
   * anything else is said. Default: none, whoever knows the name can join.
   */
  readonly secret?: string;
  /**
   * Where to begin: addresses of running nodes, as multiaddrs, `host:port`, `ws://` URLs, or
   * invites. Default: none, others begin with us.
   */
  readonly seeds?: readonly string[];
  /** What the node calls itself; others choose by it. Default: none. */
  readonly tags?: readonly string[];
  /** The node's 32-byte Ed25519 secret key. Default: a fresh one, so a new identity each time. */
  readonly secretKey?: Uint8Array;
  /** How to reach others: `libp2pTransport()` or a memory network's. */
  readonly transport: TransportFactory;
  /** The services of the node, by the names they will have on it. */
  readonly services: M & MeetsNeeds<M, keyof NetworkHandle & string>;
  readonly connections?: ConnectionOptions;
  /** Closes the network when it aborts. */
  readonly signal?: AbortSignal;
  /** Default: a log that keeps nothing. */
  readonly log?: Log;
  /** Where it also counts what it does, beside what it tells inspectors. Default: nowhere. */
  readonly meter?: Meter;
  /** Time, randomness and cryptography. Default: those of the platform. */
  readonly system?: {
    readonly clock?: Clock;
    readonly random?: Random;
    readonly ed25519?: Ed25519;
  };
}

/** What an invite carries besides the network's name and the node's addresses. Default: nothing. */
export interface InviteOptions {
  /** The network's secret, where it has one: whoever reads the invite can join. */
  readonly withSecret?: boolean;
  /** The key to look into nodes that have it among their `diagnostics` options. */
  readonly readKey?: string;
  /** The key to also have them do something. */
  readonly writeKey?: string;
}

/** A running node, its services aside. */
export interface NetworkHandle {
  /** The network's name. */
  readonly name: string;
  readonly id: NetworkId;
  /** The local peer. */
  readonly peer: PeerId;
  /** Where others can reach this node, as multiaddrs. */
  readonly addresses: readonly string[];
  /** The peers it is connected with. */
  readonly connections: Watch<ReadonlyMap<PeerId, ConnectionInfo>>;
  /**
   * One line of text by which others can join through this node.
   *
   * @throws TransportError with `NETWORK_BAD_INVITE` where this node has no address to give.
   */
  invite(options?: InviteOptions): string;
  /** Stops the services, last first, says goodbye, closes everything. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A running node: the handle, and its services by name. */
export type Network<M> = NetworkHandle & ServicesOf<M>;

const reservedNames: readonly string[] = [
  "name",
  "id",
  "peer",
  "addresses",
  "connections",
  "invite",
  "close",
] satisfies readonly (keyof NetworkHandle)[];

/**
 * Starts a node: the transport, then the services in the order of their needs.
 *
 * @throws TransportError with `NETWORK_SERVICE_MISSING`, `NETWORK_SERVICE_CYCLE`,
 * `NETWORK_NAME_RESERVED`, `NETWORK_SERVICE_FAILED`, `NETWORK_LISTEN_FAILED` or
 * `NETWORK_BAD_INVITE`; `RangeError` where an option is out of range. What had started is closed.
 * @example
 * ```ts
 * import { createNetwork } from "@mosaik/transport";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 *
 * await using network = await createNetwork({
 *   network: "example",
 *   transport: libp2pTransport({ listen: ["127.0.0.1:0"] }),
 *   services: {},
 * });
 * console.log(network.peer.length); // 64
 * ```
 */
export async function createNetwork<const M extends ServiceFactories>(
  init: NetworkInit<M>,
): Promise<Network<M>> {
  init.signal?.throwIfAborted();
  if (init.network.length === 0) throw new RangeError("a network needs a name");
  const services: ServiceFactories = init.services;
  const order = buildOrder(services, reservedNames);
  const { seeds, secret, keys } = joining(init);
  const cleanup = new Cleanup();
  const stop = new AbortController();
  const clock = init.system?.clock ?? systemClock;
  const random = init.system?.random ?? systemRandom;
  const crypto = init.system?.ed25519 ?? ed25519;
  const log = init.log ?? silentLog;
  const identity: Identity = crypto.identity(init.secretKey ?? random.bytes(32));
  const id = networkId(init.network);
  const diagnostics = new Registry({ clock, log: log.child("diagnostics"), keys });
  const own = log.child("transport");
  const context = { network: id, identity, clock, random, log: own };
  const transport = await init.transport({
    ...context,
    diagnostics: new Contribution(diagnostics, own),
  });
  describeLog(diagnostics, log);
  const meter = describedMeter(diagnostics, init.meter);
  describeNode({
    ...init,
    diagnostics,
    clock,
    peer: identity.peer,
    seeds,
    addresses: transport.addresses,
    services,
    order,
  });
  const connections = new Connections(transport, {
    network: id,
    local: identity.peer,
    key: deriveKey(encodeUtf8(secret ?? ""), "mosaik/network/1"),
    clock,
    random,
    log: own,
    diagnostics: new Contribution(diagnostics, own),
    meter,
    options: { ...connectionDefaults, ...init.connections },
    signal: stop.signal,
  });
  cleanup.add(() => stop.abort(new TransportError("NETWORK_CLOSED", "the network was closed")));
  cleanup.add(() => connections.close());
  const running: Record<string, Service> = {};
  const contextOf = (name: string): ServiceContext => ({
    network: id,
    peer: identity.peer,
    identity,
    ed25519: crypto,
    clock,
    random,
    log: log.child(name),
    meter,
    diagnostics: new Contribution(diagnostics, log.child(name)),
    signal: stop.signal,
    seeds,
    tags: init.tags ?? [],
    addresses: transport.addresses,
    connections: connections.open,
    onDisconnect: (lost) => connections.onDisconnect(lost),
    onDiscovered: (found) => connections.onDiscovered(found),
    setAddresses: (peer, addresses) => connections.setAddresses(peer, addresses),
    serve: (protocol, accept) => connections.serve(protocol, accept),
    open: (protocol, peer, options) =>
      connections.openLink(protocol, peer, withSignal(stop.signal, options?.signal)),
    connect: (address, options) =>
      connections.connect(address, withSignal(stop.signal, options?.signal)),
  });
  try {
    await connections.start();
    for (const name of order) {
      const factory = services[name];
      if (factory === undefined) continue;
      const needs = Object.fromEntries(factory.needs.map((need) => [need, running[need]]));
      const service = await startService(name, () => factory.create(contextOf(name), needs));
      running[name] = service;
      cleanup.add(() => service.close());
      init.signal?.throwIfAborted();
    }
  } catch (error) {
    await cleanup.close();
    throw error;
  }
  const onAbort = (): void => void cleanup.close();
  init.signal?.addEventListener("abort", onAbort, { once: true });
  cleanup.add(() => init.signal?.removeEventListener("abort", onAbort));
  const handle: NetworkHandle = {
    name: init.network,
    id,
    peer: identity.peer,
    get addresses() {
      return transport.addresses.value;
    },
    connections: connections.open,
    invite: ({ withSecret = false, readKey, writeKey } = {}) => {
      const addresses = transport.addresses.value.slice(0, 16);
      if (addresses.length === 0) {
        throw new TransportError("NETWORK_BAD_INVITE", "this node listens nowhere");
      }
      return formatInvite({
        network: init.network,
        seeds: addresses,
        ...(withSecret && secret !== undefined ? { secret } : {}),
        ...(readKey === undefined ? {} : { readKey: checkedKey(readKey) }),
        ...(writeKey === undefined ? {} : { writeKey: checkedKey(writeKey) }),
      });
    },
    close: () => cleanup.close(),
    [Symbol.asyncDispose]: () => cleanup.close(),
  };
  return Object.defineProperties(
    handle,
    Object.fromEntries(
      Object.entries(running).map(([name, value]) => [name, { value, enumerable: true }]),
    ),
  ) as Network<M>; // the services were built from M, by its names
}

async function startService(
  name: string,
  create: () => Service | Promise<Service>,
): Promise<Service> {
  try {
    return await create();
  } catch (cause) {
    const message = `the service '${name}' failed to start`;
    throw new TransportError("NETWORK_SERVICE_FAILED", message, { cause, data: { service: name } });
  }
}

function withSignal(network: AbortSignal, own: AbortSignal | undefined): AbortSignal {
  return own === undefined ? network : AbortSignal.any([network, own]);
}
