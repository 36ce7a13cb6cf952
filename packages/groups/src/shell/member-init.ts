import type { Discovery } from "@mosaik/discovery";
import { encodeHex, type PeerId } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import type { GroupIdentity } from "../core/group-identity.ts";
import type { GroupLog } from "../log-storage.ts";
import type { RaftLimits } from "../raft/limits.ts";
import type { InstanceId, MemberId, MemberKind } from "../raft/member.ts";
import { RaftNode } from "../raft/raft-node.ts";
import type { MachineDefinition } from "../state-machine.ts";
import type { Hash } from "../storage/core/record.ts";

/** What a member is made with. */
export interface MemberInit<Command, Result, Query, Answer> {
  readonly context: ServiceContext;
  readonly discovery: Discovery;
  readonly identity: GroupIdentity;
  readonly definition: MachineDefinition<Command, Result, Query, Answer>;
  readonly kind: MemberKind;
  readonly limits: RaftLimits;
  readonly admit: (peer: PeerId) => boolean;
  readonly storage: GroupLog;
  /** SHA-256. */
  readonly hash: Hash;
}

/** The core of a member, as its storage left it. */
export function createNode(
  init: Pick<
    MemberInit<never, never, never, never>,
    "context" | "kind" | "limits" | "storage" | "hash"
  >,
  id: MemberId,
): RaftNode {
  const { context, kind, limits, storage, hash } = init;
  const { random, clock } = context;
  return new RaftNode({
    id,
    kind,
    limits,
    random,
    stored: storage.stored,
    freshInstance: encodeHex(random.bytes(16)) as InstanceId, // drawn here, for a founding
    nowMs: clock.monotonic(),
    hash,
  });
}
