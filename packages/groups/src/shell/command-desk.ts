import type { Applied } from "../core/replica.ts";
import type { GroupError } from "../errors.ts";
import type { Refusal } from "../raft/effects.ts";
import type { AnyReplica } from "./apply-queue.ts";
import { type CommandEnvironment, CommandSession } from "./command-session.ts";

/** What a desk is made with. */
export interface CommandDeskInit<Result>
  extends Omit<CommandEnvironment<Result>, "number" | "renamed"> {
  readonly replica: AnyReplica<Result>;
}

/** The sessions of all handles of a member: brings each what concerns it. */
export class CommandDesk<Result> {
  readonly #init: CommandDeskInit<Result>;
  /** By their key. */
  readonly #sessions = new Map<string, CommandSession<Result>>();
  readonly #submissions = new Map<number, CommandSession<Result>>();
  #nextId = 1;

  constructor(init: CommandDeskInit<Result>) {
    this.#init = init;
  }

  /** A session for a handle. */
  open(): CommandSession<Result> {
    const session: CommandSession<Result> = new CommandSession({
      ...this.#init,
      number: (own) => {
        const id = this.#nextId++;
        this.#submissions.set(id, own);
        return id;
      },
      renamed: (own, before) => {
        this.#sessions.delete(before);
        this.#sessions.set(own.key, own);
      },
    });
    this.#sessions.set(session.key, session);
    return session;
  }

  /** Ends a session. */
  end(session: CommandSession<Result>, error: GroupError): void {
    this.#sessions.delete(session.key);
    session.close(error);
  }

  /** Ends all. */
  close(error: GroupError): void {
    for (const session of [...this.#sessions.values()]) this.end(session, error);
  }

  /** Somebody else leads, or can be reached again. */
  routeChanged(): void {
    this.#submissions.clear();
    for (const session of this.#sessions.values()) session.routeChanged();
  }

  /** The leader answered a submission. */
  submitted(id: number, index: number, refusal: Refusal | undefined): void {
    const session = this.#submissions.get(id);
    this.#submissions.delete(id);
    session?.submitted(id, index, refusal);
  }

  /** An entry with commands was applied. */
  applied(applied: Applied<Result>): void {
    const { session: key, sequence } = applied;
    const recall = () => this.#init.replica.recall(key, sequence);
    this.#sessions.get(key)?.applied(applied, recall);
  }

  /** The state was replaced by a snapshot's. */
  restored(): void {
    const { replica } = this.#init;
    for (const [key, session] of this.#sessions) {
      session.restored((sequence) => replica.recall(key, sequence));
    }
  }
}
