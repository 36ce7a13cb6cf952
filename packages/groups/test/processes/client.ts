import { type Random, randomInteger } from "@mosaik/primitives";
import type { RegisterInput } from "@mosaik/testing";
import type { Act } from "./history.ts";
import type { MemberProcess, Reply } from "./member-process.ts";
import type { Ask } from "./messages.ts";

/** What a client lives with. */
export interface ClientInit {
  readonly number: number;
  readonly members: readonly MemberProcess[];
  readonly random: Random;
  /** The last that it does is over, and this is what came of it. */
  readonly note: (act: Act) => void;
  /** Failures that no fault explains. */
  readonly wrong: (what: string) => void;
}

/** Registers that are in use at a time, and operations after which a client goes on to other ones. */
const keysAtOnce = 4;
const operationsPerKeys = 60;
/** Longest pause of a client between two operations, ms. */
const thinkMs = 12;
/** Before it tries again where there is nobody to ask, ms. */
const idleMs = 50;

/** A client: an operation at a time, at whichever member it likes, each written down. */
export class Client {
  readonly #init: ClientInit;
  #member: MemberProcess | undefined;
  #lastSeen = 0;
  #count = 0;
  #isOver = false;

  constructor(init: ClientInit) {
    this.#init = init;
  }

  /** Works until it is told to end. */
  async run(): Promise<void> {
    const { random } = this.#init;
    while (!this.#isOver) {
      await this.#act();
      await pause(random.next() * thinkMs);
    }
  }

  /** Begins nothing more. */
  end(): void {
    this.#isOver = true;
  }

  async #act(): Promise<void> {
    const { number, random, note } = this.#init;
    const operation = number * 2 ** 24 + ++this.#count;
    const group = Math.floor(this.#count / operationsPerKeys) * keysAtOnce;
    const key = group + randomInteger(random, 0, keysAtOnce - 1);
    const input = this.#input(operation);
    const calledAt = performance.now();
    const reply = await this.#choose().ask(askOf(operation, key, input));
    if (reply.kind === "unasked") return pause(idleMs);
    const outcome = this.#outcomeOf(reply, input);
    note({ operation, client: number, key, input, calledAt, outcome });
  }

  #input(value: number): RegisterInput {
    const draw = this.#init.random.next();
    if (draw < 0.3) return { kind: "read" };
    if (draw < 0.6) return { kind: "swap", expected: this.#lastSeen, value };
    return { kind: "write", value };
  }

  /** Stays with a member for a while, and goes elsewhere when it fails. */
  #choose(): MemberProcess {
    const { members, random } = this.#init;
    const ready = members.filter(({ status }) => status !== undefined);
    const isGone = this.#member?.status === undefined || random.next() < 0.02;
    if (isGone || !this.#member) {
      const among = ready.length > 0 ? ready : members;
      this.#member = among[randomInteger(random, 0, among.length - 1)];
    }
    if (!this.#member) throw new Error("there is no member");
    return this.#member;
  }

  #outcomeOf(reply: Exclude<Reply, { kind: "unasked" }>, input: RegisterInput): Act["outcome"] {
    if (reply.kind === "answer") {
      const value = Number(reply.value);
      this.#lastSeen = input.kind === "write" ? input.value : value;
      return { kind: "acknowledged", returnedAt: performance.now(), value };
    }
    this.#member = undefined;
    if (reply.kind === "gone" || reply.code === "GROUP_UNKNOWN_OUTCOME") return { kind: "unknown" };
    if (reply.code === "GROUP_NO_QUORUM") return { kind: "refused" };
    this.#init.wrong(`a client was told ${reply.code}`);
    return { kind: "unknown" };
  }
}

function askOf(operation: number, key: number, input: RegisterInput): Ask {
  if (input.kind === "read") return { kind: "read", key };
  const expected = input.kind === "swap" ? input.expected : 0;
  return {
    kind: "change",
    change: { operation, key, kind: input.kind, expected, value: input.value },
  };
}

/** Real milliseconds: these are real processes. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
