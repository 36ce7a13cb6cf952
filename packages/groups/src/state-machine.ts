import { type Codec, digest, type Schema, superjsonCodec } from "@mosaik/primitives";

/** Where in the history of the group a command stands: the same on every member. */
export interface ApplyContext {
  /** The position of the entry in the log. Commands of one batch share it. */
  readonly position: number;
  /** The term in which a leader took it in: never falls. */
  readonly term: number;
}

/**
 * What a group replicates: the user's room. Every member runs one and gives it the same commands in
 * the same order.
 *
 * It must be **deterministic**: what it does and answers follows from the state and the command
 * alone: no clock, no randomness, no I/O, no iteration order that differs between machines. A
 * command that throws is rejected on every member; what it changed before it threw stays changed.
 */
export interface StateMachine<Command, Result, Query, Answer> {
  /**
   * Carries out a command and answers whoever gave it. The result must not change afterwards. Throw
   * {@link Rejection} to refuse it for a reason.
   */
  apply(command: Command, context: ApplyContext): Result;
  /** Answers a question; changes nothing. */
  query(query: Query): Answer;
  /**
   * The whole state as chunks of bytes, each at most {@link stateChunkBytesMax}: **as it is at the
   * call**. The chunks are read later, one by one, while further commands are applied, and must not
   * show what those change. So either make them all in the call (an array: for small states), or
   * keep the state in a persistent structure and read from the version of the moment. A generator
   * that reads what `apply` changes is wrong: its body begins to run only after the call.
   *
   * A chunk may be changed as soon as the next one is asked for. Equal states that give equal chunks
   * let a member fetch one snapshot from several others at once.
   */
  snapshot(): Iterable<Uint8Array>;
  /**
   * Takes one chunk of a `snapshot` into the state. Called on a fresh machine of `create`, once for
   * each chunk, in order, before anything else; the chunk is the machine's to keep. After the last
   * one the machine takes the place of the present one, which answers queries until then. Where it
   * throws, the present one stays, and the member stops.
   */
  restore(chunk: Uint8Array): void;
  /** Told after the last of several commands that came together: the place for work that is dear per command. */
  settled?(): void;
  /**
   * Bytes that are equal exactly where states are, at most a few hundred. Asked for now and then; a
   * member whose answer differs from the leader's stops. Without it only results are compared.
   */
  fingerprint?(): Uint8Array;
}

/** A kind of state machine, as every member knows it. */
export interface MachineDefinition<
  Command = unknown,
  Result = unknown,
  Query = unknown,
  Answer = unknown,
> {
  readonly name: string;
  /** Part of the group's id: members whose machines differ in it are in different groups. */
  readonly signature: string;
  readonly command: {
    readonly codec: Codec<Command>;
    readonly schema: Schema<Command> | undefined;
  };
  readonly result: { readonly codec: Codec<Result> };
  /** A machine in its first state. */
  create(): StateMachine<Command, Result, Query, Answer>;
}

/** Refuses a command, with a reason that every member gives alike. For use in `apply`. */
export class Rejection extends Error {
  override readonly name: string = "Rejection";
  /** The reason; at most 1,024 characters count. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason.slice(0, 1_024);
  }
}

/**
 * Declares a state machine. Makes nothing yet: all members import the declaration.
 *
 * @throws `RangeError` where the name is empty or longer than 128 characters, or the version is not
 * a whole number from 0 to 65535.
 * @example
 * ```ts
 * import { defineMachine } from "@mosaik/groups";
 * import { decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
 * import { z } from "zod";
 *
 * const Counter = defineMachine({
 *   name: "counter",
 *   command: z.object({ add: z.number() }),
 *   create: () => {
 *     let total = 0;
 *     return {
 *       apply: ({ add }) => (total += add),
 *       query: (_: "total") => total,
 *       snapshot: () => [encodeUtf8(String(total))],
 *       restore: (chunk) => void (total = Number(decodeUtf8(chunk))),
 *     };
 *   },
 * });
 * console.log(Counter.create().apply({ add: 2 }, { position: 1, term: 1 })); // 2
 * ```
 */
export function defineMachine<Command, Result, Query, Answer>(init: {
  /** What it is; part of the signature. */
  readonly name: string;
  /** Raise it with every change of what a command does. Default: 1. */
  readonly version?: number;
  /** Checks commands before they are sent and before they are applied. */
  readonly command?: Schema<Command>;
  /** How commands become bytes. Default: superjson. */
  readonly commandCodec?: Codec<Command>;
  /** How results become bytes, for answering a retry. Default: superjson. */
  readonly resultCodec?: Codec<Result>;
  readonly create: () => StateMachine<Command, Result, Query, Answer>;
}): MachineDefinition<Command, Result, Query, Answer> {
  const { name, version = 1 } = init;
  if (name.length === 0 || name.length > 128) {
    throw new RangeError("a machine's name has 1 to 128 characters");
  }
  if (!Number.isInteger(version) || version < 0 || version > 0xffff) {
    throw new RangeError("a machine's version is a whole number from 0 to 65535");
  }
  const codec = init.commandCodec ?? (superjsonCodec as Codec<Command>); // the schema checks the rest
  const resultCodec = init.resultCodec ?? (superjsonCodec as Codec<Result>); // what apply returned
  return {
    name,
    signature: digest("mosaik/machine", name, String(version), codec.id, resultCodec.id),
    command: { codec, schema: init.command },
    result: { codec: resultCodec },
    create: init.create,
  };
}

/** A machine without state or commands: for groups that only elect a leader. */
export const noMachine: MachineDefinition<never, never, never, never> = defineMachine<
  never,
  never,
  never,
  never
>({
  name: "mosaik/none",
  create: () => ({
    apply: () => {
      throw new Rejection("this group takes no commands");
    },
    query: () => {
      throw new Rejection("this group answers no queries");
    },
    snapshot: () => [],
    restore: () => {},
  }),
});
