import { condition, type GroupId, validate, type Watch, WatchSource } from "@mosaik/primitives";
import { batchCommandsMax } from "./config.ts";
import { commandFrameSize } from "./core/command-frame.ts";
import type { Outcome } from "./core/replica.ts";
import { GroupError } from "./errors.ts";
import type { Answered, Group, GroupConditions, GroupStatus, QueryOptions } from "./groups.ts";
import type { MemberId } from "./raft/member.ts";
import type { CommandSession, Ticket } from "./shell/command-session.ts";
import type { Member } from "./shell/member.ts";
import type { MachineDefinition } from "./state-machine.ts";

/** What a handle is made with. */
export interface GroupHandleInit<Command, Result, Query, Answer> {
  readonly id: GroupId;
  readonly definition: MachineDefinition<Command, Result, Query, Answer>;
  readonly commandBytesMax: number;
  readonly member: Member<Command, Result, Query, Answer>;
  /** The handle lets go of the member. */
  readonly release: () => Promise<void>;
  /** The member is to leave the group. */
  readonly leave: () => Promise<void>;
}

/** A handle to a member. */
export class GroupHandle<Command, Result, Query, Answer>
  implements Group<Command, Result, Query, Answer>
{
  readonly id: GroupId;
  readonly me: MemberId;
  readonly when: GroupConditions;
  readonly #init: GroupHandleInit<Command, Result, Query, Answer>;
  readonly #status: WatchSource<GroupStatus>;
  readonly #session: CommandSession<Result>;
  readonly #following: Disposable;
  #closing: Promise<void> | undefined;

  constructor(init: GroupHandleInit<Command, Result, Query, Answer>) {
    const { member } = init;
    this.#init = init;
    this.id = init.id;
    this.me = member.id;
    this.#status = new WatchSource(member.status.value);
    this.#following = member.status.subscribe(
      (status) => this.#status.set(status),
      () => this.#status.close(),
    );
    this.#session = member.commands.open();
    this.when = conditions(this.#status);
  }

  get status(): Watch<GroupStatus> {
    return this.#status;
  }

  async execute(
    command: Command,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    const [outcome] = await this.#give([command], options.signal, "done");
    return resultOf(outcome, []);
  }

  async executeMany(
    commands: readonly Command[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Result[]> {
    const outcomes = await this.#give(commands, options.signal, "done");
    return outcomes.map((outcome) => resultOf(outcome, outcomes));
  }

  async feed(command: Command, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
    return await this.#give([command], options.signal, "placed");
  }

  async feedMany(
    commands: readonly Command[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<number> {
    return await this.#give(commands, options.signal, "placed");
  }

  async query(query: Query, options: QueryOptions = {}): Promise<Answered<Answer>> {
    const { member } = this.#init;
    const { consistency = "weak", signal } = options;
    signal?.throwIfAborted();
    this.#checkOpen();
    if (member.isWitness) throw noState();
    if (consistency === "strong") {
      await abortable<void>(signal, (resolve, reject) => member.reads.read(resolve, reject));
    }
    const staleMs = consistency === "strong" ? 0 : member.staleMs;
    try {
      return { value: member.replica.query(query), position: member.position, staleMs };
    } catch (cause) {
      throw new GroupError("GROUP_QUERY_FAILED", "the machine threw at a query", { cause });
    }
  }

  transferLeadership(to: MemberId): void {
    this.#init.member.transfer(to);
  }

  async leave(): Promise<void> {
    this.#checkOpen();
    await this.#init.leave();
    await this.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    this.#init.member.commands.end(this.#session, closed());
    await this.#init.release();
    this.#following[Symbol.dispose]();
    this.#status.close();
  }

  #give(
    commands: readonly Command[],
    signal: AbortSignal | undefined,
    until: "done",
  ): Promise<readonly Outcome<Result>[]>;
  #give(
    commands: readonly Command[],
    signal: AbortSignal | undefined,
    until: "placed",
  ): Promise<number>;
  #give(
    commands: readonly Command[],
    signal: AbortSignal | undefined,
    until: "done" | "placed",
  ): Promise<readonly Outcome<Result>[] | number> {
    signal?.throwIfAborted();
    this.#checkOpen();
    if (this.#init.member.isWitness) throw noState();
    if (commands.length === 0 || commands.length > batchCommandsMax) {
      throw new RangeError(`a batch has 1 to ${batchCommandsMax} commands`);
    }
    const encoded = commands.map((command) => this.#encode(command));
    const bytes = commandFrameSize(encoded);
    if (bytes > this.#init.commandBytesMax) {
      const message = `the commands have ${bytes} bytes; ${this.#init.commandBytesMax} are allowed`;
      throw new GroupError("GROUP_COMMAND_TOO_LARGE", message, { data: { bytes } });
    }
    return abortable(signal, (resolve, failed) => {
      const ticket: Ticket<Result> = {
        placed: until === "placed" ? resolve : () => {},
        done: until === "done" ? resolve : () => {},
        failed,
      };
      this.#session.give(encoded, ticket);
    });
  }

  #encode(command: Command): Uint8Array {
    const { codec, schema } = this.#init.definition.command;
    try {
      if (schema === undefined) return codec.encode(command);
      const fitted = validate(schema, command);
      if (!fitted.ok) throw fitted.error;
      return codec.encode(fitted.value);
    } catch (cause) {
      const message = `the command does not fit '${this.#init.definition.name}'`;
      throw new GroupError("GROUP_COMMAND_INVALID", message, { cause, data: { command } });
    }
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw closed();
    const { failure } = this.#init.member;
    if (failure !== undefined) throw failure;
  }
}

function resultOf<Result>(
  outcome: Outcome<Result> | undefined,
  outcomes: readonly Outcome<Result>[],
): Result {
  if (outcome?.kind === "result") return outcome.result;
  const reason = outcome?.reason ?? "no outcome";
  const data = outcomes.length > 0 ? { reason, outcomes } : { reason };
  throw new GroupError("GROUP_REJECTED", `the command was rejected: ${reason}`, { data });
}

/** A promise that `signal` cuts short; what is under way goes on without anybody waiting. */
function abortable<Value>(
  signal: AbortSignal | undefined,
  begin: (resolve: (value: Value) => void, reject: (error: unknown) => void) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    if (signal === undefined) return begin(resolve, reject);
    const onAbort = (): void => reject(signal.reason);
    const over = (): void => signal.removeEventListener("abort", onAbort);
    signal.addEventListener("abort", onAbort, { once: true });
    begin(
      (value) => {
        over();
        resolve(value);
      },
      (error) => {
        over();
        reject(error);
      },
    );
  });
}

function conditions(status: Watch<GroupStatus>): GroupConditions {
  return {
    leaderElected: (options) => condition(status, ({ leader }) => leader !== undefined, options),
    leaderChanged: (options) => {
      const before = status.value.leader;
      const isNew = ({ leader }: GroupStatus): boolean => leader !== undefined && leader !== before;
      return condition(status, isNew, options);
    },
    leaderIs: (peer, options) =>
      condition(status, ({ leader }) => leader?.startsWith(`${peer}#`) === true, options),
    isLeader: (options) => condition(status, ({ role }) => role === "leader", options),
    isFollower: (options) =>
      condition(status, ({ role, leader }) => role === "follower" && leader !== undefined, options),
    online: (options) => condition(status, ({ online }) => online, options),
    offline: (options) => condition(status, ({ online }) => !online, options),
    committed: (position, options) =>
      condition(
        status,
        ({ commit, applied }) => commit >= position && applied >= position,
        options,
      ),
    bonded: ({ atLeast = 0, peers = [] }, options) =>
      condition(
        status,
        ({ bonds }) => bonds.length >= atLeast && peers.every((peer) => bonds.includes(peer)),
        options,
      ),
  };
}

function closed(): GroupError {
  return new GroupError("GROUP_CLOSED", "the group is closed");
}

function noState(): GroupError {
  return new GroupError("GROUP_NO_STATE", "a witness keeps no state");
}
