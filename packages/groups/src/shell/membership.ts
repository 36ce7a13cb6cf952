import { encodeHex, type GroupId } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import type { Bonds } from "../bonds/bonds.ts";
import { GroupError } from "../errors.ts";
import type { Preference } from "../groups.ts";
import type { GroupLog, LogStorage } from "../log-storage.ts";
import { heirOf, noteChanges } from "./insight.ts";
import type { Member } from "./member.ts";

/** A member, whatever its machine. */
// biome-ignore lint/suspicious/noExplicitAny: whoever takes it out knows its machine by the group's id
export type AnyMember = Member<any, any, any, any>;

/** What a membership is made with. */
export interface MembershipInit {
  readonly context: ServiceContext;
  readonly storage: LogStorage;
  readonly preference: Preference;
  readonly group: GroupId;
  /** How long leaving may take, ms. */
  readonly patienceMs: number;
  readonly create: (log: GroupLog) => AnyMember;
  /** It has ended: the group may be joined anew. */
  readonly over: () => void;
}

/** That this node is in a group: from the opening of the storage to its closing, for all handles. */
export class Membership {
  readonly storage: LogStorage;
  readonly preference: Preference;
  /** The member, once the storage is open. */
  readonly member: Promise<AnyMember>;
  readonly #init: MembershipInit;
  #present: AnyMember | undefined;
  #handles = 0;
  #ending: Promise<void> | undefined;

  constructor(init: MembershipInit) {
    this.#init = init;
    this.storage = init.storage;
    this.preference = init.preference;
    this.member = this.#open();
    this.member.catch(() => {}); // told to whoever joins
  }

  /** The member where the storage is open. */
  get present(): AnyMember | undefined {
    return this.#present;
  }

  /** The bonds, once there are any. */
  get bonds(): Bonds | undefined {
    return this.#present?.bonds;
  }

  /** Whether it is on its way out. */
  get isEnding(): boolean {
    return this.#ending !== undefined;
  }

  /** Resolves when it has ended. */
  get ended(): Promise<void> {
    return this.#ending ?? Promise.resolve();
  }

  /** A handle is made; returns what the handle calls when it is closed. */
  take(): () => Promise<void> {
    this.#handles++;
    let isTaken = true;
    return async () => {
      if (isTaken) this.#handles--;
      isTaken = false;
      if (this.#handles === 0) await this.end(false);
    };
  }

  /** Ends it for all handles; `leave`: asks the group to go on without this member first. */
  end(leave: boolean): Promise<void> {
    this.#ending ??= this.#end(leave);
    return this.#ending;
  }

  async #open(): Promise<AnyMember> {
    const { storage, context, group, create } = this.#init;
    const freshIncarnation = encodeHex(context.random.bytes(8));
    let log: GroupLog;
    try {
      log = await storage.open({ group, freshIncarnation });
    } catch (cause) {
      const message = "the storage of the group cannot be opened";
      throw new GroupError("GROUP_STORAGE_FAILED", message, { cause });
    }
    this.#present = create(log);
    noteChanges(context, group, this.#present);
    return this.#present;
  }

  async #end(leave: boolean): Promise<void> {
    try {
      const member = await this.member.catch(() => undefined);
      if (member === undefined) return;
      if (leave) await this.#leave(member);
      await member.close(new GroupError("GROUP_CLOSED", "the group is closed"), leave);
    } finally {
      this.#init.over();
    }
  }

  /** Asks again and again, until the log says that it is out, or time is up. */
  async #leave(member: AnyMember): Promise<void> {
    const { clock } = this.#init.context;
    const deadline = clock.monotonic() + this.#init.patienceMs;
    const isIn = (): boolean =>
      member.failure === undefined &&
      member.status.value.members.some(({ id }) => id === member.id) &&
      member.status.value.members.length > 1;
    while (isIn() && clock.monotonic() < deadline) {
      member.askToLeave(heirOf(member));
      await new Promise<void>((resolve) => void clock.after(this.#init.patienceMs / 40, resolve));
    }
  }
}
