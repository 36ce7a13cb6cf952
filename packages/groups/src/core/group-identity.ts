import { type Digest, deriveKey, digest, type GroupId } from "@mosaik/primitives";
import type { GroupTimings } from "../config.ts";
import { GroupKey } from "../group-key.ts";

/** What all members of a group must agree on. */
export interface GroupAgreement {
  readonly key: GroupKey;
  readonly timings: GroupTimings;
  readonly founders: number;
  readonly minVoters: number;
  /** Of the state machine. */
  readonly signature: string;
}

/** What follows from an agreement. */
export interface GroupIdentity {
  /** Names the group among its members; told to nobody else. */
  readonly id: GroupId;
  /**
   * What the catalog says instead: whoever lacks the key cannot tell which group it is. It follows
   * from the key, so a key that can be guessed can be checked against it: keys are random or stretched.
   */
  readonly announced: Digest;
  /** The key by which members prove themselves to each other. */
  readonly bondKey: Uint8Array;
}

/** The identity of a group. */
export function groupIdentity(agreement: GroupAgreement): GroupIdentity {
  const { timings, founders, minVoters, signature } = agreement;
  const secret = GroupKey.bytesOf(agreement.key);
  const numbers = [
    timings.heartbeatMs,
    timings.electionMinMs,
    timings.electionMaxMs,
    timings.bootstrapDelayMs,
    timings.demoteAfterMs,
    timings.promoteAfterMs,
    founders,
    minVoters,
  ];
  const id = digest(
    "mosaik/group",
    deriveKey(secret, "mosaik/group/id/1"),
    numbers.join(),
    signature,
  ) as GroupId; // branded by its domain
  return {
    id,
    announced: digest("mosaik/group/announced", deriveKey(secret, "mosaik/group/announce/1"), id),
    bondKey: deriveKey(secret, "mosaik/bond/1"),
  };
}
