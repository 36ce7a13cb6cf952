import {
  authenticate,
  encodeId,
  equalBytes,
  type NetworkId,
  type PeerId,
} from "@mosaik/primitives";
import type { Grant } from "../diagnostics.ts";

/** Who inspects whom, and what both have drawn for it. */
export interface Encounter {
  readonly network: NetworkId;
  /** As the secure channel authenticated them. */
  readonly inspector: PeerId;
  readonly inspected: PeerId;
  /** 32 fresh random bytes of each. */
  readonly inspectorNonce: Uint8Array;
  readonly inspectedNonce: Uint8Array;
}

/** Shows that an inspector knows the key of a grant: good for one encounter only. */
export function proofOf(key: Uint8Array, grant: Grant, encounter: Encounter): Uint8Array {
  return authenticate(
    key,
    Uint8Array.of(grant === "read" ? 1 : 2),
    encodeId(encounter.network),
    encodeId(encounter.inspector),
    encodeId(encounter.inspected),
    encounter.inspectorNonce,
    encounter.inspectedNonce,
  );
}

/** What lets inspectors in. */
export interface EntranceRules {
  /** The key of each grant; without one nobody proves it. */
  readonly keys: {
    readonly read?: Uint8Array | undefined;
    readonly write?: Uint8Array | undefined;
  };
  /** Whether this machine may read without a proof. */
  readonly loopback: boolean;
}

/**
 * Decides whether an inspector gets what it asks for.
 *
 * 1. To write takes a proof of the key to write; there is no other way.
 * 2. To read takes a proof of either key, or to be on this machine where that is allowed, or to be
 *    the node itself.
 */
export function mayEnter(
  rules: EntranceRules,
  grant: Grant,
  address: string,
  proof: Uint8Array | undefined,
  encounter: Encounter,
): boolean {
  const isOwn = encounter.inspector === encounter.inspected;
  if (grant === "read" && (isOwn || (rules.loopback && isLoopback(address)))) return true;
  const keys = grant === "read" ? [rules.keys.read, rules.keys.write] : [rules.keys.write];
  return keys.some((key) => key && proof && equalBytes(proof, proofOf(key, grant, encounter)));
}

/**
 * Whether an address is of this machine: a multiaddr of its own loopback, or of memory. What comes
 * through a relay, even one on this machine, may come from anywhere.
 */
export function isLoopback(address: string): boolean {
  if (address.includes("/p2p-circuit")) return false;
  return /^\/(ip4\/127\.\d+\.\d+\.\d+|ip6\/(::1|0:0:0:0:0:0:0:1)|memory)\//.test(`${address}/`);
}
