import type { PeerId } from "@mosaik/primitives";
import type { TransportFactory } from "../transport.ts";
import type { MemoryConditions, MemoryNetworkOptions } from "./config.ts";
import { Links } from "./links.ts";
import { isMemoryAddress, MemoryTransport, type Registry } from "./transport.ts";

/** A network within one process, and what can go wrong in it. */
export interface MemoryNetwork {
  /**
   * The transport of a node, for `createNetwork`.
   *
   * @param options.address - Where it listens, `/memory/<number>`; a node that is started anew may
   * take the address it had. Default: one that nobody had.
   * @throws `RangeError` where the address has another form.
   */
  transport(options?: { readonly address?: string }): TransportFactory;
  /** Changes how links behave from now on. */
  change(conditions: Partial<MemoryConditions>): void;
  /**
   * Cuts the network in pieces: peers of different groups do not reach each other, and those that
   * are in no group form one more. What is sent is held and arrives once the way is free again;
   * dials fail in time. Several partitions add up: a peer reaches those only that are on its side in
   * each of them, so of three peers two partitions can leave each alone. Disposing of one takes that one
   * back, `heal` all.
   */
  partition(...groups: readonly (readonly PeerId[])[]): Disposable;
  /** As `partition`, but only from the first peers to the second. */
  partitionOneWay(from: readonly PeerId[], to: readonly PeerId[]): Disposable;
  /** Cuts two peers off from each other, both ways: connections stay, and are silent. */
  stall(a: PeerId, b: PeerId): Disposable;
  /** Takes back every partition and stall. */
  heal(): void;
  /**
   * Ends a node as when its process dies: its listeners are called no more, its connections are cut,
   * which the others notice, and its address is free.
   */
  kill(peer: PeerId): void;
  /**
   * Stops a node as SIGSTOP does: it hears and says nothing, and its connections stay. What runs by
   * its own clock goes on: stop that too (`clock.pause()` in a simulated world).
   */
  freeze(peer: PeerId): void;
  /** Takes back a freeze. */
  thaw(peer: PeerId): void;
}

/**
 * Makes a network within one process: for programs of several nodes, with a real clock, and for
 * simulations, with a virtual one. The same seed gives the same run.
 *
 * @example
 * ```ts
 * import { World } from "@mosaik/testing";
 * import { createMemoryNetwork } from "@mosaik/transport/memory";
 *
 * const world = new World({ seed: 1 });
 * const network = createMemoryNetwork({
 *   clock: world.clock(),
 *   random: world.random("network"),
 *   trace: world.trace,
 *   latencyMs: [1, 20],
 * });
 * const transport = network.transport(); // what a node is made with
 * ```
 */
export function createMemoryNetwork(options: MemoryNetworkOptions): MemoryNetwork {
  const links = new Links(options);
  const registry = new Addresses(links);
  const { faults } = links;
  /** Applies a fault; taking it back lets go on what it held up. */
  const fault = (kind: string, from: string, to: string, rule: Disposable): Disposable => {
    links.recordFault(kind, from, to);
    return {
      [Symbol.dispose]: () => {
        rule[Symbol.dispose]();
        links.recordFault(`${kind} over`, from, to);
        links.release();
      },
    };
  };
  return {
    transport({ address } = {}) {
      if (address !== undefined && !isMemoryAddress(address)) {
        throw new RangeError(`'${address}' is no address: use /memory/<number>`);
      }
      return (context) =>
        new MemoryTransport(registry, context, address ?? registry.freshAddress());
    },
    change(conditions) {
      links.conditions = { ...links.conditions, ...conditions };
    },
    partition: (...groups) =>
      fault(
        "partition",
        groups.map((group) => group.join()).join("|"),
        "",
        faults.partition(groups),
      ),
    partitionOneWay: (from, to) =>
      fault("partition one way", from.join(), to.join(), faults.oneWay(from, to)),
    stall: (a, b) => fault("stall", a, b, faults.stall(a, b)),
    heal() {
      links.recordFault("heal");
      faults.heal();
      links.release();
    },
    kill(peer) {
      links.recordFault("kill", peer);
      faults.thaw(peer);
      for (const transport of registry.of(peer)) transport.vanish();
      links.release();
    },
    freeze(peer) {
      links.recordFault("freeze", peer);
      faults.freeze(peer);
    },
    thaw(peer) {
      links.recordFault("thaw", peer);
      faults.thaw(peer);
      links.release();
    },
  };
}

/** Who listens where. */
class Addresses implements Registry {
  readonly links: Links;
  readonly #transports = new Map<string, MemoryTransport>();
  #next = 1;

  constructor(links: Links) {
    this.links = links;
  }

  at(address: string): MemoryTransport | undefined {
    return this.#transports.get(address);
  }

  of(peer: PeerId): MemoryTransport[] {
    return [...this.#transports.values()].filter((transport) => transport.peer === peer);
  }

  freshAddress(): string {
    while (this.#transports.has(`/memory/${this.#next}`)) this.#next++;
    return `/memory/${this.#next++}`;
  }

  add(address: string, transport: MemoryTransport): boolean {
    if (this.#transports.has(address)) return false;
    this.#transports.set(address, transport);
    return true;
  }

  remove(address: string, transport: MemoryTransport): void {
    if (this.#transports.get(address) === transport) this.#transports.delete(address);
  }
}
