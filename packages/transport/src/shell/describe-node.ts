import type { Clock, PeerId, Watch } from "@mosaik/primitives";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { NodeSection } from "../diagnostics/sections.ts";
import type { ServiceFactories } from "../service.ts";
import { version } from "../version.ts";

/** Tells inspectors what a node is. */
export function describeNode(node: {
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly peer: PeerId;
  readonly network: string;
  readonly tags?: readonly string[];
  readonly seeds: readonly string[];
  readonly addresses: Watch<readonly string[]>;
  readonly services: ServiceFactories;
  /** The names of the services in the order in which they start. */
  readonly order: readonly string[];
}): void {
  const startedAt = node.clock.now();
  const packages = Object.fromEntries(packagesOf(node.services));
  const runtime = globalThis.navigator?.userAgent.slice(0, 512) ?? "unknown";
  node.diagnostics.describe(NodeSection, () => ({
    network: node.network,
    peer: node.peer,
    tags: [...(node.tags ?? [])],
    seeds: [...node.seeds],
    addresses: [...node.addresses.value],
    services: [...node.order],
    packages,
    runtime,
    now: node.clock.now(),
    startedAt,
  }));
}

/** The packages that the services come from, this one among them. */
function packagesOf(services: ServiceFactories): Map<string, string> {
  const packages = new Map([["@mosaik/transport", version]]);
  for (const { package: from } of Object.values(services)) {
    if (from !== undefined) packages.set(from.name, from.version);
  }
  return packages;
}
