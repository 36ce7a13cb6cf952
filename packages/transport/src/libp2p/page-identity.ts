import { systemClock as clock } from "@mosaik/primitives/system";
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { TransportError } from "../errors.ts";

/** How a page takes its identity. */
export interface PageIdentityOptions {
  /** Which of the origin's identities: applications of one origin keep theirs apart. */
  readonly name?: string;
  /**
   * What to do while another page of the origin has it: take a `fresh` one that nobody keeps, or
   * `refuse` with `IDENTITY_TAKEN`. Default: `fresh`.
   */
  readonly whenTaken?: "fresh" | "refuse";
}

/** The identity of a page, until it is released or the page goes. */
export interface PageIdentity extends Disposable {
  /** For `createNetwork({ secretKey })`. */
  readonly secretKey: Uint8Array;
  /** Whether it is the origin's own, so that the same is there after a reload. */
  readonly kept: boolean;
  /** Lets another page have it: close the network first. Idempotent. */
  release(): void;
}

/**
 * The identity that the pages of an origin keep in IndexedDB; one page at a time has it, seen to by
 * `navigator.locks`. Two nodes of one identity would contradict each other, so a second tab has a
 * fresh one, or is refused.
 *
 * On disk the key is encrypted by one that no script can read out. It is no more than that: libp2p
 * signs with the bytes of the key, so every script of the origin can get at them. Browsers may drop
 * what an origin stores, unless it asked for `navigator.storage.persist()`.
 *
 * @throws TransportError with `IDENTITY_TAKEN`, or with `IDENTITY_UNAVAILABLE` where the page may not
 * store anything, or is not of https or of this machine.
 * @example
 * ```ts
 * // not run: needs a browser
 * import { createNetwork } from "@mosaik/transport";
 * import { libp2pTransport } from "@mosaik/transport/libp2p";
 * import { pageIdentity } from "@mosaik/transport/page";
 *
 * using identity = await pageIdentity();
 * const { secretKey } = identity;
 * const transport = libp2pTransport();
 * await using network = await createNetwork({ network: "weather", secretKey, transport, services: {} });
 * console.log(network.peer, identity.kept); // the same after a reload
 * ```
 */
export async function pageIdentity(options: PageIdentityOptions = {}): Promise<PageIdentity> {
  const { name = "default", whenTaken = "fresh" } = options;
  if (!globalThis.isSecureContext || !navigator.locks) {
    throw new TransportError("IDENTITY_UNAVAILABLE", "only pages of https keep an identity");
  }
  const release = await hold(`mosaik/identity/${name}`);
  if (release === undefined) {
    if (whenTaken === "fresh") return held(randomKey(), false, () => {});
    throw new TransportError("IDENTITY_TAKEN", "another page of this origin has it");
  }
  try {
    return held(await stored(name), true, release);
  } catch (cause) {
    release();
    const message = "the identity cannot be read or kept";
    throw new TransportError("IDENTITY_UNAVAILABLE", message, { cause });
  }
}

/** A page that is loaded anew meets its former self for a moment: it waits so long, milliseconds. */
const patienceMs = 500;
const retryMs = 50;

const held = (secretKey: Uint8Array, kept: boolean, release: () => void): PageIdentity => ({
  ...{ secretKey, kept, release },
  [Symbol.dispose]: release,
});

const randomKey = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32));

/** Holds a lock of the origin; answers what lets it go, or nothing where another page keeps it. */
async function hold(name: string): Promise<(() => void) | undefined> {
  const endsAt = clock.monotonic() + patienceMs;
  for (;;) {
    const isLast = clock.monotonic() >= endsAt;
    const release = await holdIfFree(name);
    if (release !== undefined || isLast) return release;
    await new Promise<void>((resolve) => void clock.after(retryMs, resolve));
  }
}

function holdIfFree(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve, reject) => {
    const granted = async (lock: Lock | null): Promise<void> => {
      if (lock === null) resolve(undefined);
      else await new Promise<void>((release) => resolve(() => release()));
    };
    navigator.locks.request(name, { ifAvailable: true }, granted).catch(reject);
  });
}

interface Kept {
  readonly wrapping: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly wrapped: ArrayBuffer;
}

interface Schema extends DBSchema {
  identities: { key: string; value: Kept };
}

async function stored(name: string): Promise<Uint8Array> {
  const database = await openDB<Schema>("mosaik/identity", 1, {
    upgrade: (made) => void made.createObjectStore("identities"),
  });
  try {
    const kept = await database.get("identities", name);
    return kept === undefined ? await keepNew(database, name) : await unwrap(kept);
  } finally {
    database.close();
  }
}

async function unwrap({ wrapping, iv, wrapped }: Kept): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, wrapping, wrapped));
}

async function keepNew(database: IDBPDatabase<Schema>, name: string): Promise<Uint8Array> {
  const secretKey = new Uint8Array(randomKey());
  const algorithm = { name: "AES-GCM", length: 256 };
  const wrapping = await crypto.subtle.generateKey(algorithm, false, ["encrypt", "decrypt"]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, wrapping, secretKey);
  await database.put("identities", { wrapping, iv, wrapped }, name);
  return secretKey;
}
