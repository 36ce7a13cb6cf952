import { type Digest, isMosaikError, type NetworkId, type PeerId } from "@mosaik/primitives";
import { entryLimits } from "../config.ts";
import type { EntryVersion, PeerEntry } from "../discovery.ts";
import { DiscoveryError } from "../errors.ts";
import { isAddress, isLabel, isTicket } from "../label.ts";
import { compareVersions } from "./entry-id.ts";
import { entrySize } from "./peer-entry.ts";

type Content = Pick<PeerEntry, "addresses" | "tags" | "offers" | "tickets">;

/**
 * What the local peer says of itself, and at which version.
 *
 * Invariants:
 * 1. Every version that is signed is greater than those before, and than each that was met in the
 *    network, so that whoever held an entry of an earlier life of this node takes the new one.
 * 2. The entry always fits its limits: a change that would not is refused whole.
 */
export class OwnEntry {
  #entry: PeerEntry;
  /** Whether the entry is of a version that was not signed yet. */
  #fresh = true;
  /** How often each ticket, and each id of each kind, was added and not withdrawn. */
  readonly #counts = new Map<string, number>();
  #clockBehindMs = 0;

  /** @throws DiscoveryError with `DISCOVERY_BAD_TAG` or `DISCOVERY_ENTRY_TOO_LARGE`. */
  constructor(init: {
    readonly peer: PeerId;
    readonly network: NetworkId;
    readonly nowMs: number;
    readonly tags: readonly string[];
    readonly addresses: readonly string[];
  }) {
    this.#entry = {
      peer: init.peer,
      network: init.network,
      version: { epoch: Math.max(0, Math.floor(init.nowMs)), sequence: 0 },
      at: Math.max(0, Math.floor(init.nowMs)),
      addresses: fitting(init.addresses),
      tags: new Set(),
      offers: new Map(),
      tickets: [],
    };
    this.addTags(init.tags);
  }

  /** The entry as it will be signed next, or was. */
  get entry(): PeerEntry {
    return this.#entry;
  }

  /**
   * How far this machine's clock is behind what it was in an earlier life of this node, in
   * milliseconds: one that was set back is put right by that much.
   */
  get clockBehindMs(): number {
    return this.#clockBehindMs;
  }

  /** Whether the entry is of a version that was not signed yet. */
  get isFresh(): boolean {
    return this.#fresh;
  }

  /** The entry for signing at a time: of a version of its own. */
  next(nowMs: number): PeerEntry {
    if (!this.#fresh) this.#advance();
    this.#fresh = false;
    const at = Math.max(0, Math.floor(nowMs + this.#clockBehindMs));
    this.#entry = { ...this.#entry, at };
    return this.#entry;
  }

  /**
   * Meets an entry of the local peer that is held by another. Returns whether it is of an earlier
   * life, or a twin, and so must be outdone by a new announcement.
   */
  meet(seen: { readonly version: EntryVersion; readonly at: number }, nowMs: number): boolean {
    if (compareVersions(seen.version, this.#entry.version) <= 0) return false;
    this.#clockBehindMs = Math.max(this.#clockBehindMs, seen.at - nowMs);
    this.#entry = { ...this.#entry, version: { epoch: seen.version.epoch + 1, sequence: 0 } };
    this.#fresh = true;
    return true;
  }

  /**
   * Somebody took the local peer for gone as of a version. Returns whether that is the present one,
   * which then gives way to a newer.
   */
  refute(version: EntryVersion): boolean {
    if (this.#fresh || compareVersions(version, this.#entry.version) !== 0) return false;
    this.#advance();
    this.#fresh = true;
    return true;
  }

  /** Adds tags; returns whether that changed anything. @throws DiscoveryError */
  addTags(tags: readonly string[]): boolean {
    const bad = tags.find((tag) => !isLabel(tag));
    if (bad !== undefined) {
      const message = `a tag has 1 to ${entryLimits.labelBytesMax} bytes of printable text in NFC`;
      throw new DiscoveryError("DISCOVERY_BAD_TAG", message, { data: { tag: bad } });
    }
    const all = new Set([...this.#entry.tags, ...tags]);
    return all.size > this.#entry.tags.size && this.#change({ tags: all });
  }

  /** Removes tags; returns whether that changed anything. */
  removeTags(tags: readonly string[]): boolean {
    const left = new Set([...this.#entry.tags].filter((tag) => !tags.includes(tag)));
    return left.size < this.#entry.tags.size && this.#change({ tags: left });
  }

  /** Counts one more offer of an id; returns whether it is the first. @throws DiscoveryError */
  addOffer(kind: string, id: Digest): boolean {
    if (!isLabel(kind)) throw new RangeError(`'${kind}' is no kind of offer`);
    return this.#count(`offer ${kind} ${id}`, 1, () => {
      const ids = new Set([...(this.#entry.offers.get(kind) ?? []), id]);
      return { offers: new Map([...this.#entry.offers, [kind, ids]]) };
    });
  }

  /** Counts one offer of an id less; returns whether it was the last. */
  removeOffer(kind: string, id: Digest): boolean {
    return this.#count(`offer ${kind} ${id}`, -1, () => {
      const offers = new Map(this.#entry.offers);
      const ids = new Set(offers.get(kind));
      ids.delete(id);
      if (ids.size === 0) offers.delete(kind);
      else offers.set(kind, ids);
      return { offers };
    });
  }

  /** Counts a ticket once more; returns whether it is new. @throws DiscoveryError */
  addTicket(ticket: string): boolean {
    if (!isTicket(ticket)) {
      const message = `a ticket has 1 to ${entryLimits.ticketBytesMax} printable ASCII characters`;
      throw new DiscoveryError("DISCOVERY_ENTRY_TOO_LARGE", message);
    }
    return this.#count(`ticket ${ticket}`, 1, () => ({
      tickets: [...this.#entry.tickets, ticket],
    }));
  }

  /** Counts a ticket once less; returns whether it is gone. */
  removeTicket(ticket: string): boolean {
    return this.#count(`ticket ${ticket}`, -1, () => ({
      tickets: this.#entry.tickets.filter((other) => other !== ticket),
    }));
  }

  /** Replaces the addresses, leaving out what does not fit; returns whether that changed anything. */
  setAddresses(addresses: readonly string[]): boolean {
    const fit = fitting(addresses);
    while (fit.length > 0 && misfit({ ...this.#entry, addresses: fit }) !== undefined) fit.pop();
    return fit.join(" ") !== this.#entry.addresses.join(" ") && this.#change({ addresses: fit });
  }

  #count(key: string, by: 1 | -1, changed: () => Partial<Content>): boolean {
    const before = this.#counts.get(key) ?? 0;
    const after = before + by;
    const hasChanged = before === 0 || after === 0;
    if (hasChanged) this.#change(changed());
    if (after === 0) this.#counts.delete(key);
    else this.#counts.set(key, after);
    return hasChanged;
  }

  #change(change: Partial<Content>): true {
    const changed = { ...this.#entry, ...change };
    const misfits = misfit(changed);
    if (misfits !== undefined) throw misfits;
    this.#entry = changed;
    if (!this.#fresh) this.#advance();
    this.#fresh = true;
    return true;
  }

  #advance(): void {
    const { epoch, sequence } = this.#entry.version;
    this.#entry = { ...this.#entry, version: { epoch, sequence: sequence + 1 } };
  }
}

function fitting(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].filter(isAddress).slice(0, entryLimits.addressesMax);
}

/** In what way an entry exceeds its limits, if it does. */
function misfit(entry: PeerEntry): DiscoveryError | undefined {
  const kinds = [...entry.offers.values()].map((ids) => ids.size);
  const limits = [
    ["tags", entry.tags.size, entryLimits.tagsMax],
    ["tickets", entry.tickets.length, entryLimits.ticketsMax],
    ["kinds of offers", kinds.length, entryLimits.offerKindsMax],
    ["offers", kinds.reduce((sum, count) => sum + count, 0), entryLimits.offersMax],
    ["offers of a kind", Math.max(0, ...kinds), entryLimits.offersPerKindMax],
  ] as const;
  const exceeded = limits.find(([, count, max]) => count > max);
  if (exceeded !== undefined) return tooLarge(`more than ${exceeded[2]} ${exceeded[0]}`);
  try {
    entrySize(entry);
    return undefined;
  } catch (cause) {
    if (!isMosaikError(cause, "MESSAGE_TOO_LARGE")) throw cause;
    return tooLarge(`more than ${entryLimits.bytesMax} bytes`, cause);
  }
}

function tooLarge(what: string, cause?: unknown): DiscoveryError {
  const message = `the entry of this node would have ${what}`;
  return new DiscoveryError("DISCOVERY_ENTRY_TOO_LARGE", message, { cause });
}
