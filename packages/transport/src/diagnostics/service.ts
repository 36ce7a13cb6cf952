import type { PeerId } from "@mosaik/primitives";
import { TransportError } from "../errors.ts";
import type { ServiceContext, ServiceFactory } from "../service.ts";
import { version } from "../version.ts";
import { diagnosticsLimits } from "./config.ts";
import type { DiagnosticsService, Inspection, InspectOptions } from "./diagnostics.ts";
import { type InspectionKeys, keyFor, proofKey } from "./inspection-key.ts";
import { Contribution } from "./shell/contribution.ts";
import type { InspectionEnvironment } from "./shell/environment.ts";
import { enter } from "./shell/inspection.ts";
import { Inspector } from "./shell/inspector.ts";
import type { Registry } from "./shell/registry.ts";
import { type DiagnosticsLink, DiagnosticsProtocol } from "./wire.ts";

/** Who may inspect this node. */
export interface DiagnosticsOptions {
  /** Whoever knows it may read: at least 16 characters. Default: none, nobody from elsewhere. */
  readonly readKey?: string;
  /** Whoever knows it may also act: at least 16 characters. Default: none, nobody. */
  readonly writeKey?: string;
  /**
   * Whether this machine may read without a key. Default: yes. Not behind a proxy on this machine:
   * everybody who comes through it seems to be here.
   */
  readonly loopback?: boolean;
}

/**
 * The diagnostics service: lets inspectors see what the parts of this node say of themselves, and
 * inspects others.
 *
 * @throws `RangeError` where a key is too short.
 * @example
 * ```ts
 * import { createNetwork, defineSection, diagnostics, NodeSection } from "@mosaik/transport";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 *
 * const node = await createNetwork({
 *   network: "example",
 *   tags: ["station"],
 *   transport: libp2pTransport({ listen: ["127.0.0.1:0"] }),
 *   services: { diagnostics: diagnostics() },
 * });
 * const inspection = await node.diagnostics.inspect(node.peer);
 * console.log((await inspection.read(NodeSection)).tags); // [ 'station' ]
 * await node.close();
 * ```
 */
export function diagnostics(options: DiagnosticsOptions = {}): ServiceFactory<DiagnosticsService> {
  const { readKey: read, writeKey: write, loopback = true } = options;
  const rules = { keys: { read: proofKey(read), write: proofKey(write) }, loopback };
  const origin = { name: "@mosaik/transport", version };
  return {
    package: origin,
    needs: [],
    create: (context) => new Desk(context, rules, { read, write }),
  };
}

type Rules = ConstructorParameters<typeof Inspector>[3];

class Desk implements DiagnosticsService {
  readonly #context: ServiceContext;
  readonly #registry: Registry;
  readonly #rules: Rules;
  readonly #own: InspectionKeys;
  readonly #environment: InspectionEnvironment;
  readonly #serving: Disposable;
  readonly #inspectors = new Map<PeerId, Set<DiagnosticsLink>>();
  readonly #inspections = new Set<Inspection>();
  #count = 0;
  #closed = false;

  constructor(context: ServiceContext, rules: Rules, own: InspectionKeys) {
    const { diagnostics } = context;
    if (!(diagnostics instanceof Contribution)) throw new TypeError("not a network's context");
    this.#context = context;
    this.#registry = diagnostics.registry;
    this.#rules = rules;
    this.#own = own;
    const { network, peer, clock, random, log, connections } = context;
    const addressOf = (other: PeerId): string =>
      other === peer ? "/memory/self" : (connections.value.get(other)?.address ?? "");
    this.#environment = { network, peer, clock, random, log, addressOf };
    this.#serving = context.serve(DiagnosticsProtocol, (link) => this.#accept(link));
  }

  async inspect(peer: PeerId, options: InspectOptions = {}): Promise<Inspection> {
    const { grant = "read", signal } = options;
    const { keys } = this.#registry;
    const key = proofKey(options.key ?? keyFor(grant, keys) ?? keyFor(grant, this.#own));
    signal?.throwIfAborted();
    if (this.#closed) throw new TransportError("NETWORK_CLOSED", "the service is closed");
    const link = await this.#context.open(DiagnosticsProtocol, peer, signal ? { signal } : {});
    const giveUp = (): void => link.close("cancelled");
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      for (const one of this.#inspections) if (one.closed) this.#inspections.delete(one);
      const inspection = await enter(link, this.#environment, { grant, key });
      this.#inspections.add(inspection);
      return inspection;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#serving[Symbol.dispose]();
    for (const inspection of this.#inspections) inspection.close();
    for (const links of this.#inspectors.values()) {
      for (const link of links) link.close("going-away");
    }
  }

  #accept(link: DiagnosticsLink): void {
    const own = this.#inspectors.get(link.peer) ?? new Set();
    const { inspectionsMax, inspectionsPerPeerMax } = diagnosticsLimits;
    if (this.#count >= inspectionsMax || own.size >= inspectionsPerPeerMax) {
      link.listen({ message: () => {}, closed: () => {} });
      return link.close("overloaded", "too many inspections");
    }
    this.#count += 1;
    this.#inspectors.set(link.peer, own.add(link));
    new Inspector(link, this.#registry, this.#environment, this.#rules, () => {
      this.#count -= 1;
      own.delete(link);
      if (own.size === 0) this.#inspectors.delete(link.peer);
    });
  }
}
