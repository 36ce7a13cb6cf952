import type { Digest } from "@mosaik/primitives";
import type { Core } from "./core.ts";
import { type Entry, entryBytes } from "./entry.ts";
import { onCatchUpFailed, onCaughtUp } from "./follower.ts";
import type { MemberId } from "./member.ts";
import type { Anchor, Fetch, FetchReply } from "./messages.ts";
import { stretchDigest } from "./stretch-digest.ts";

/** One stretch of the missing log, fetched from one provider at a time. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  /** Of the leader's entries: what those that are fetched must have. */
  readonly digest: Digest;
  entries: Entry[];
  provider: MemberId | undefined;
  deadlineMs: number;
}

/**
 * Fetches a missing part of the log from several members, in parallel, and sparing the leader (R13).
 *
 * 1. A stretch counts only where all of it has the digest that the leader gave with its anchor.
 * 2. A provider that stalls loses the stretch to another; one that fails or disagrees is not asked again.
 * 3. Nothing touches the log before all stretches are whole.
 * 4. Where nobody is left to ask, the leader is told at once.
 */
export class CatchUp {
  readonly #leader: MemberId;
  readonly #fromIndex: number;
  readonly #stretches: Stretch[] = [];
  #providers: MemberId[];
  #bytes = 0;

  constructor(anchor: Anchor, leader: MemberId, nowMs: number) {
    this.#leader = leader;
    this.#fromIndex = anchor.fromIndex;
    this.#providers = anchor.providers.map((id) => id as MemberId); // as the leader knows them
    let from = anchor.fromIndex + 1;
    for (const point of anchor.points) {
      this.#stretches.push({
        from,
        to: point.index,
        digest: point.digest,
        entries: [],
        provider: undefined,
        deadlineMs: nowMs,
      });
      from = point.index + 1;
    }
  }

  /** Asks idle providers for stretches that nobody is asked for, and gives up on late ones. */
  fetch(core: Core): void {
    if (this.#stretches.every(isWhole)) return this.#finish(core);
    for (const stretch of this.#stretches) {
      if (stretch.provider !== undefined && core.now >= stretch.deadlineMs) this.#drop(stretch);
    }
    const busy = new Set(this.#stretches.filter((one) => !isWhole(one)).map((one) => one.provider));
    const idle = this.#providers.filter((id) => !busy.has(id) && core.bonds.has(id));
    for (const stretch of this.#stretches) {
      if (isWhole(stretch) || stretch.provider !== undefined) continue;
      const provider = idle.shift();
      if (provider === undefined) break;
      stretch.provider = provider;
      this.#ask(core, stretch, provider);
    }
    if (this.#providers.length === 0) this.#giveUp(core);
  }

  /** Takes what a provider sent. */
  received(core: Core, from: MemberId, message: FetchReply): void {
    const stretch = this.#stretches.find((one) => one.provider === from && !isWhole(one));
    if (!stretch || message.fromIndex !== stretch.from + stretch.entries.length) return;
    const before = stretch.entries.at(-1);
    if (message.entries.length === 0 || !follows(before, message, stretch.to)) {
      return this.#reject(core, stretch, from);
    }
    for (const entry of message.entries) this.#bytes += entryBytes(entry);
    if (this.#bytes > core.limits.uncommittedBytesMax) return this.#giveUp(core);
    stretch.entries.push(...message.entries);
    if (!isWhole(stretch)) return this.#ask(core, stretch, from);
    if (core.rules.isAnchored(stretchDigest(stretch.entries), stretch.digest)) this.fetch(core);
    else this.#reject(core, stretch, from);
  }

  #ask(core: Core, stretch: Stretch, provider: MemberId): void {
    stretch.deadlineMs = core.now + 2 * core.limits.electionMinMs;
    core.send(provider, {
      kind: "fetch",
      instance: core.instance,
      term: core.term,
      fromIndex: stretch.from + stretch.entries.length,
      toIndex: stretch.to,
    });
  }

  #reject(core: Core, stretch: Stretch, provider: MemberId): void {
    this.#providers = this.#providers.filter((id) => id !== provider);
    this.#drop(stretch);
    this.fetch(core);
  }

  /** Takes a stretch from its provider, who may be asked again, but last. */
  #drop(stretch: Stretch): void {
    for (const entry of stretch.entries) this.#bytes -= entryBytes(entry);
    stretch.entries = [];
    const late = stretch.provider;
    stretch.provider = undefined;
    if (late === undefined || !this.#providers.includes(late)) return;
    this.#providers = [...this.#providers.filter((id) => id !== late), late];
  }

  #finish(core: Core): void {
    core.catchUp = undefined;
    const entries = this.#stretches.flatMap((stretch) => stretch.entries);
    const { log } = core;
    const rises = (log.termAt(this.#fromIndex) ?? 0) <= (entries[0]?.term ?? 0);
    const fits = this.#fromIndex >= log.baseIndex && this.#fromIndex <= log.lastIndex;
    if (rises && fits) onCaughtUp(core, this.#leader, entries);
  }

  /** Leaves it to the leader, which need not wait any longer. */
  #giveUp(core: Core): void {
    core.catchUp = undefined;
    onCatchUpFailed(core, this.#leader, this.#fromIndex);
  }
}

function isWhole(stretch: Stretch): boolean {
  return stretch.entries.length === stretch.to - stretch.from + 1;
}

function follows(before: Entry | undefined, message: FetchReply, to: number): boolean {
  let index = message.fromIndex;
  let term = before?.term ?? 0;
  for (const entry of message.entries) {
    if (entry.index !== index || entry.term < term || entry.index > to) return false;
    term = entry.term;
    index++;
  }
  return true;
}

/** Answers another member's fetch with committed entries, as many as fit. */
export function onFetch(core: Core, from: MemberId, message: Fetch): void {
  const { log, limits, rules } = core;
  const { fromIndex } = message;
  const to = Math.min(message.toIndex, rules.servesUpTo(core.commit, log.lastIndex));
  const has = fromIndex > log.baseIndex && fromIndex <= to && core.kind !== "witness";
  const most = Math.min(limits.fetchEntriesMax, to - fromIndex + 1);
  core.send(from, {
    kind: "fetch-reply",
    instance: core.instance,
    term: core.term,
    fromIndex,
    entries: has ? log.slice(fromIndex, most, limits.appendBytesMax) : [],
  });
}
