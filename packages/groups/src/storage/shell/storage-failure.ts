import { GroupStorageError } from "../../storage-error.ts";

const fullCodes = ["ENOSPC", "EDQUOT", "EFBIG", "QuotaExceededError"];

/** What a failure of a medium is to the callers of a storage. */
export function storageFailure(cause: unknown): GroupStorageError {
  if (cause instanceof GroupStorageError) return cause;
  const { code, name } = typeof cause === "object" && cause !== null ? (cause as Named) : {}; // read as unknown
  const isFull = fullCodes.some((known) => known === code || known === name);
  if (isFull) return new GroupStorageError("full", "the storage is full", cause);
  return new GroupStorageError("io", "the storage failed to read or write", cause);
}

interface Named {
  readonly code?: unknown;
  readonly name?: unknown;
}
