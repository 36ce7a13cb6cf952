import { superjsonCodec } from "@mosaik/primitives";
import { Refusal } from "./machine.ts";

/**
 * Functions by which values may be changed where they are kept: at the place that the leader gives
 * the change. Each must follow from its arguments alone, the same on every member: no clock, no
 * randomness, no state of its own. It gets what is there (frozen; `undefined` where nothing is) and
 * what the caller gave with it, and answers the new value, `undefined` to remove it. One that throws
 * refuses the change.
 */
export type Updates<Value> = Readonly<
  Record<string, (value: Value | undefined, argument: never) => Value | undefined>
>;

/** What an update is given beside the value; `undefined` where it takes nothing. */
export type UpdateArgument<Update> = Update extends (
  value: never,
  ...rest: infer Rest extends readonly unknown[]
) => unknown
  ? Rest[0]
  : never;

/** The bytes of an argument. @throws MosaikError */
export function encodeArgument(argument: unknown): Uint8Array {
  return superjsonCodec.encode(argument);
}

/** What an update makes of a value. @throws Refusal */
export function runUpdate<Value>(
  updates: Updates<Value>,
  name: unknown,
  value: Value | undefined,
  bytes: unknown,
): unknown {
  const update =
    typeof name === "string" && Object.hasOwn(updates, name) ? updates[name] : undefined;
  if (update === undefined) throw new Refusal("no update has that name");
  if (!(bytes instanceof Uint8Array)) throw new Refusal("an argument is missing");
  const argument = superjsonCodec.decode(bytes);
  if (!argument.ok) throw new Refusal("an argument does not decode");
  try {
    return update(value, argument.value as never); // the caller's update has this argument
  } catch {
    throw new Refusal(`the update '${name}' threw`);
  }
}
