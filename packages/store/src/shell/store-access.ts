import type { Group, GroupStatus } from "@mosaik/groups";
import { isMosaikError } from "@mosaik/primitives";
import { StoreError, type StoreErrorCode } from "../errors.ts";
import type { Operation, ResultsOf } from "../operation.ts";
import type { Durability, WaitOptions } from "../store.ts";
import type { StoreCommand, StoreResult } from "../wire.ts";
import type { Room } from "./room.ts";

/** The group of a room of stores. */
export type StoreGroup = Group<StoreCommand, StoreResult, "room", Room>;

/** What a handle reads, writes and waits through. */
export interface StoreAccess {
  readonly name: string;
  readonly durability: Durability;
  readonly isReader: boolean;
  readonly group: StoreGroup;
  readonly room: Room;
  /** Which of the room's stores it is. */
  readonly store: number;
}

/** Carries out operations as one. @throws StoreError; the reason of the signal. */
export async function carryOut<const Operations extends readonly Operation<unknown>[]>(
  { group }: StoreAccess,
  operations: Operations,
  options: WaitOptions = {},
): Promise<ResultsOf<Operations>> {
  try {
    const command = operations.map(({ store, change }) => [store, ...change] as const);
    const { version, outcomes } = await group.execute(command, options);
    const results = operations.map(({ read }, at) =>
      read(outcomes[at] ?? { applied: false }, version),
    );
    return results as ResultsOf<Operations>; // each read by its own operation
  } catch (error) {
    const values = operations.map(({ value }) => value);
    throw storeError(error, options.signal, values.length === 1 ? values[0] : values);
  }
}

/** A failure of a group, as one of its store; what is none is returned as it is. */
export function storeError(error: unknown, signal?: AbortSignal, value?: unknown): unknown {
  if (signal?.aborted && error === signal.reason) return error;
  if (!isMosaikError(error) || error instanceof StoreError) return error;
  const code = codes[error.code];
  if (code === undefined) return error;
  const data = value === undefined ? error.data : { ...error.data, value };
  const { retryable, message } = error;
  return new StoreError(code, message, { cause: error, retryable, data });
}

/** Why a member has stopped, where it has. */
export function stopped({ state, reason }: GroupStatus): StoreError | "closed" | undefined {
  if (state === "running") return undefined;
  if (state === "closed") return "closed";
  const code = reason === "the storage failed" ? "STORE_STORAGE_FAILED" : "STORE_HALTED";
  return new StoreError(code, `the member has stopped: ${reason}`, { data: { reason } });
}

const codes: Readonly<Record<string, StoreErrorCode>> = {
  GROUP_NO_QUORUM: "STORE_NO_QUORUM",
  GROUP_UNKNOWN_OUTCOME: "STORE_UNKNOWN_OUTCOME",
  GROUP_REJECTED: "STORE_REJECTED",
  GROUP_COMMAND_INVALID: "STORE_VALUE_INVALID",
  GROUP_COMMAND_TOO_LARGE: "STORE_CHANGE_TOO_LARGE",
  GROUP_FULL: "STORE_FULL",
  GROUP_JOINED_OTHERWISE: "STORE_OPENED_OTHERWISE",
  GROUP_STORAGE_FAILED: "STORE_STORAGE_FAILED",
  GROUP_HALTED: "STORE_HALTED",
  GROUP_CLOSED: "STORE_CLOSED",
};
