import { GroupStorageError } from "../../storage-error.ts";

/** A tab that was closed or loaded anew lets go a moment later: wait for it this long, milliseconds. */
const patienceMs = 1_000;

/**
 * Takes the lock of a room, for a storage of one's own too: the browser frees it when the tab or worker
 * that has it is gone. Answers how to let go of it.
 *
 * @throws GroupStorageError `locked` where another has it for longer than a second.
 */
export function takeLock(room: string): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patienceMs);
    const hold = (): Promise<void> =>
      new Promise((letGo) => {
        resolve(async () => {
          letGo();
          await held;
        });
      });
    const held = navigator.locks.request(room, { signal }, hold);
    held.catch((cause: unknown) => reject(signal.aborted ? locked(cause) : cause));
  });
}

function locked(cause: unknown): GroupStorageError {
  return new GroupStorageError("locked", "the room is open in this or another tab", cause);
}
