import type { Discovery } from "@mosaik/discovery";
import { type Digest, encodeHex, encodeId, type GroupId } from "@mosaik/primitives";
import { sha256 } from "@mosaik/primitives/system";
import type { ServiceContext, ServiceFactory } from "@mosaik/transport";
import { groupTimings, reluctanceFactor } from "./config.ts";
import { type GroupIdentity, groupIdentity } from "./core/group-identity.ts";
import { GroupError } from "./errors.ts";
import { GroupHandle } from "./group.ts";
import type { Group, Groups, JoinOptions, Preference } from "./groups.ts";
import { type RaftLimits, raftLimits } from "./raft/limits.ts";
import type { MemberKind } from "./raft/member.ts";
import { describeGroups } from "./shell/insight.ts";
import { Member } from "./shell/member.ts";
import { Membership } from "./shell/membership.ts";
import { Reception } from "./shell/reception.ts";
import { version } from "./version.ts";
import { GroupProtocol } from "./wire.ts";

/**
 * Groups of nodes that share a key, elect a leader and replicate a state machine, for
 * `createNetwork`.
 *
 * @example
 * ```ts
 * import { groups } from "@mosaik/groups";
 *
 * console.log(groups().needs); // [ 'discovery' ]
 * ```
 */
export function groups(): ServiceFactory<Groups, { discovery: Discovery }> {
  return {
    package: { name: "@mosaik/groups", version },
    needs: ["discovery"],
    create: (context, { discovery }) => new GroupsService(context, discovery),
  };
}

class GroupsService implements Groups {
  readonly #context: ServiceContext;
  readonly #discovery: Discovery;
  readonly #memberships = new Map<GroupId, Membership>();
  readonly #announced = new Map<string, Membership>();
  readonly #serving: Disposable;
  #closing: Promise<void> | undefined;

  constructor(context: ServiceContext, discovery: Discovery) {
    this.#context = context;
    this.#discovery = discovery;
    const reception = new Reception(context.clock, (link, hello) => {
      const membership = this.#announced.get(encodeHex(hello.announced));
      if (membership?.bonds) return membership.bonds.accept(link, hello);
      link.close("not-found");
      return undefined;
    });
    describeGroups(context, this.#memberships, sha256);
    this.#serving = context.serve(GroupProtocol, (link) => reception.accept(link));
  }

  get joined(): readonly GroupId[] {
    return [...this.#memberships.keys()];
  }

  async join<Command, Result, Query, Answer>(
    options: JoinOptions<Command, Result, Query, Answer>,
  ): Promise<Group<Command, Result, Query, Answer>> {
    const limits = limitsOf(options);
    const identity = groupIdentity({
      key: options.key,
      timings: limits,
      founders: limits.founders,
      minVoters: limits.minVoters,
      signature: options.machine.signature,
    });
    const { preference = "normal", storage } = options;
    for (;;) {
      this.#checkOpen();
      const present = this.#memberships.get(identity.id);
      if (present === undefined) break;
      if (present.storage !== storage || present.preference !== preference) {
        const message = "the group was joined here with another storage or preference";
        throw new GroupError("GROUP_JOINED_OTHERWISE", message);
      }
      if (!present.isEnding) return this.#handle(present, options, identity, limits);
      await present.ended;
    }
    const membership = this.#begin(options, identity, limits, preference);
    return this.#handle(membership, options, identity, limits);
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#memberships.values()].map((one) => one.end(false)));
    this.#serving[Symbol.dispose]();
  }

  #begin<Command, Result, Query, Answer>(
    options: JoinOptions<Command, Result, Query, Answer>,
    identity: GroupIdentity,
    limits: RaftLimits,
    preference: Preference,
  ): Membership {
    const { storage, machine: definition, admit = () => true } = options;
    const context = this.#context;
    const membership: Membership = new Membership({
      context,
      storage,
      preference,
      group: identity.id,
      patienceMs: 2 * limits.electionMaxMs,
      create: (log) =>
        new Member({
          context,
          discovery: this.#discovery,
          identity,
          definition,
          kind: kindOf(preference),
          limits,
          admit,
          storage: log,
          hash: sha256,
        }),
      over: () => {
        this.#memberships.delete(identity.id);
        this.#announced.delete(announcedKey(identity.announced));
      },
    });
    this.#memberships.set(identity.id, membership);
    this.#announced.set(announcedKey(identity.announced), membership);
    return membership;
  }

  async #handle<Command, Result, Query, Answer>(
    membership: Membership,
    { machine }: JoinOptions<Command, Result, Query, Answer>,
    identity: GroupIdentity,
    limits: RaftLimits,
  ): Promise<Group<Command, Result, Query, Answer>> {
    const release = membership.take();
    try {
      // The signature is part of the id, by which the membership was found.
      const member = (await membership.member) as Member<Command, Result, Query, Answer>;
      return new GroupHandle({
        id: identity.id,
        definition: machine,
        commandBytesMax: limits.commandBytesMax,
        member,
        release,
        leave: () => membership.end(true),
      });
    } catch (error) {
      await release();
      throw error;
    }
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return;
    throw new GroupError("GROUP_CLOSED", "the groups service is closed");
  }
}

function announcedKey(announced: Digest): string {
  return encodeHex(encodeId(announced));
}

function kindOf(preference: Preference): MemberKind {
  return preference === "observer" || preference === "witness" ? preference : "data";
}

type Limiting = Pick<
  JoinOptions<never, never, never, never>,
  "timings" | "limits" | "founders" | "minVoters" | "preference"
>;

function limitsOf(options: Limiting): RaftLimits {
  const limits: RaftLimits = {
    ...raftLimits,
    ...groupTimings,
    ...options.timings,
    ...options.limits,
    founders: options.founders ?? raftLimits.founders,
    minVoters: options.minVoters ?? raftLimits.minVoters,
    reluctance: options.preference === "reluctant" ? reluctanceFactor : 1,
  };
  const { heartbeatMs, electionMinMs, electionMaxMs, founders, minVoters, votersMax } = limits;
  if (!(heartbeatMs >= 1) || electionMinMs < 3 * heartbeatMs || electionMaxMs <= electionMinMs) {
    throw new RangeError("an election timeout is at least three heartbeats, and a range");
  }
  if (
    limits.appendEntriesMax > raftLimits.fetchEntriesMax ||
    limits.appendBytesMax > raftLimits.appendBytesMax
  ) {
    throw new RangeError(
      `an append has at most ${raftLimits.fetchEntriesMax} entries and ${raftLimits.appendBytesMax} bytes`,
    );
  }
  for (const count of [founders, minVoters]) {
    if (!Number.isInteger(count) || count < 1 || count > votersMax) {
      throw new RangeError(`founders and minVoters are whole numbers from 1 to ${votersMax}`);
    }
  }
  return limits;
}
