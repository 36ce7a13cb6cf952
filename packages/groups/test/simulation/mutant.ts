import type { Random } from "@mosaik/primitives";
import type { RaftRules } from "../../src/raft/rules.ts";
import type { Swarm } from "./swarm.ts";

/** A bug put into a group on purpose, which the checkers must find. */
export interface Mutant {
  /** Its row in the table of injected bugs; letters tell variants apart. */
  readonly name: string;
  readonly bug: string;
  /** Rules that are broken. */
  readonly rules?: Partial<RaftRules>;
  /** Says that a batch is durable before it is. */
  readonly earlyPersisted?: (batch: { hardOnly: boolean; snapshot: boolean }) => boolean;
  /** Recovery goes on with what comes before a bad record. */
  readonly cutsAtBadRecord?: boolean;
  /** A member whose disk was wiped comes back as the one it was. */
  readonly keepsIdentity?: boolean;
  /** What the bug needs in order to show. */
  readonly swarm?: (drawn: Swarm, random: Random) => Swarm;
}
