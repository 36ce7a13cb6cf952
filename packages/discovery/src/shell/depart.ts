import type { ServiceContext } from "@mosaik/transport";
import { departureLimits } from "../config.ts";
import type { CatalogSync } from "./catalog-sync.ts";
import type { Gossip } from "./gossip.ts";

/** Says goodbye to the neighbours, and waits until somebody has it for certain. Never fails. */
export async function depart(
  { connections }: ServiceContext,
  gossip: Gossip,
  sync: CatalogSync,
): Promise<void> {
  gossip.depart();
  const { peersMax, timeoutMs } = departureLimits;
  const peers = [...connections.value.keys()].slice(0, peersMax);
  await Promise.any(peers.map((peer) => sync.tell(peer, timeoutMs))).catch(() => undefined);
}
