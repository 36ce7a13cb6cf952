import { link, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { GroupStorageError } from "../../storage-error.ts";

/** Whose a lock is: a process, told apart from a later one of the same number. */
interface Holder {
  readonly pid: number;
  readonly thread: number;
  /** When the process began, in this boot of the machine; empty where the system does not say. */
  readonly born: string;
}

const held = new Set<string>();

/**
 * Takes the lock on a directory: a file that names this process. That of a process that is gone is
 * taken over. Guards against other processes of this machine, not against other machines or
 * containers. Answers how to let go of it; the directory may have been renamed meanwhile.
 *
 * @throws GroupStorageError `locked`
 */
export async function takeLock(directory: string): Promise<(renamed?: string) => Promise<void>> {
  if (held.has(directory)) throw locked();
  held.add(directory);
  try {
    await take(join(directory, "lock"));
  } catch (cause) {
    held.delete(directory);
    throw cause;
  }
  return async (renamed = directory) => {
    await rm(join(renamed, "lock"), { force: true });
    held.delete(directory);
  };
}

async function take(path: string): Promise<void> {
  const own: Holder = { pid: process.pid, thread: threadId, born: await bornOf(process.pid) };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await make(path, JSON.stringify(own))) return;
    const text = await readFile(path, "utf8").catch(() => "");
    if (await isAlive(text, own)) throw locked();
    await removeStale(path, text);
  }
  throw locked();
}

async function make(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${threadId}`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
    throw cause;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the lock that was read, and no other that took its place meanwhile. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.${threadId}.stale`;
  await rename(path, aside).catch(() => {}); // somebody else removed it
  const found = await readFile(aside, "utf8").catch(() => text);
  if (found !== text) await link(aside, path).catch(() => {}); // there is a newer one already
  await rm(aside, { force: true });
}

async function isAlive(text: string, own: Holder): Promise<boolean> {
  const holder = parseHolder(text);
  if (!holder) return false;
  const { pid, thread, born } = holder;
  if (pid === own.pid && born === own.born) return thread !== own.thread;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ESRCH") return false;
  }
  const now = await bornOf(pid);
  return born === "" || now === "" || now === born;
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, thread, born } = value as Partial<Holder>; // each field is checked below
    if (typeof pid !== "number" || !(pid > 0)) return undefined;
    if (typeof thread !== "number" || typeof born !== "string") return undefined;
    return { pid, thread, born };
  } catch {
    return undefined;
  }
}

/** When a process began, where Linux says so: the boot of the machine and the ticks since. */
async function bornOf(pid: number): Promise<string> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return `${boot.trim()}/${fields[19]}`; // the 22nd field: starttime, see proc(5)
  } catch {
    return "";
  }
}

function locked(): GroupStorageError {
  return new GroupStorageError("locked", "the room is open in this or another process");
}
