import {
  type Codec,
  type CodecErrorCode,
  fail,
  MosaikError,
  ok,
  type Result,
} from "@mosaik/primitives";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import type { Change, Outcome } from "./machines/machine.ts";

/** Changes that take effect as one, each with the number of the store that it is for. */
export type StoreCommand = readonly (readonly [store: number, ...change: Change])[];

/** What became of a command. */
export interface StoreResult {
  /** The position at which it took effect: the version that it made. */
  readonly version: number;
  /** One a change. */
  readonly outcomes: readonly Outcome[];
}

/** How changes travel. */
export const commandCodec: Codec<StoreCommand> = {
  id: "mosaik-store-command/1",
  encode: (command) => msgpackCodec.encode(command),
  decode(bytes) {
    const decoded = msgpackCodec.decode(bytes);
    if (!decoded.ok) return decoded;
    return isCommand(decoded.value) ? ok(decoded.value) : malformed("a command");
  },
};

/** How outcomes are remembered. */
export const resultCodec: Codec<StoreResult> = {
  id: "mosaik-store-result/1",
  encode: ({ version, outcomes }) =>
    msgpackCodec.encode([
      version,
      outcomes.map(({ applied, previous, more }) => [applied, previous ?? null, more ?? null]),
    ]),
  decode(bytes) {
    const decoded = msgpackCodec.decode(bytes);
    if (!decoded.ok) return decoded;
    const [version, outcomes] = Array.isArray(decoded.value) ? decoded.value : [];
    if (typeof version !== "number" || !Array.isArray(outcomes)) return malformed("a result");
    return ok({ version, outcomes: outcomes.map(outcomeOf) });
  },
};

function outcomeOf(told: unknown): Outcome {
  const [applied, previous, more] = Array.isArray(told) ? told : [];
  return {
    applied: applied === true,
    previous: previous instanceof Uint8Array ? previous : undefined,
    more: Array.isArray(more) ? more : undefined,
  };
}

function isCommand(value: unknown): value is StoreCommand {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every(
    (each) => Array.isArray(each) && Number.isSafeInteger(each[0]) && typeof each[1] === "string",
  );
}

function malformed(what: string): Result<never, MosaikError<CodecErrorCode>> {
  return fail(new MosaikError("CODEC_MALFORMED", `${what} has another form`));
}
