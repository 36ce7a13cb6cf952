import type { Core } from "./core.ts";
import type { Entry } from "./entry.ts";
import { onCatchUpFailed, onCaughtUp } from "./follower.ts";
import type { MemberId } from "./member.ts";
import type { Anchor, AnchorPoint, Fetch, FetchReply } from "./messages.ts";
import { stretchBytes, stretchDigest } from "./stretch-digest.ts";

/** One stretch of the missing log, fetched from one provider at a time. */
interface Stretch extends AnchorPoint {
  readonly from: number;
  entries: Entry[];
  /** What the entries count for. */
  got: number;
  provider: MemberId | undefined;
  deadlineMs: number;
}

/**
 * Fetches a missing part of the log from several members, in parallel, and sparing the leader (R13).
 *
 * 1. A stretch counts only where all of it has the digest that the leader gave with its anchor. Not more
 *    bytes are kept, or hashed at once, than the leader says it has.
 * 2. A provider that fails or disagrees is not asked again. One that is late with any of a stretch, in
 *    however many answers, loses it to another, and is asked again only where all others are late too;
 *    late twice, it is not.
 * 3. What was not asked for, or not asked of whom it comes from any more, is left aside.
 * 4. Nothing touches the log before all stretches are whole.
 * 5. Where nobody is left to ask, the leader is told at once.
 */
export class CatchUp {
  readonly #leader: MemberId;
  readonly #fromIndex: number;
  readonly #stretches: readonly Stretch[];
  readonly #bytes: number;
  /** Whom to ask, and how often each was late. */
  readonly #providers: Map<MemberId, number>;

  constructor(anchor: Anchor, leader: MemberId) {
    this.#leader = leader;
    this.#fromIndex = anchor.fromIndex;
    this.#providers = new Map(anchor.providers.map((id) => [id as MemberId, 0])); // as the leader knows them
    let from = anchor.fromIndex + 1;
    this.#stretches = anchor.points.map((point) => {
      const stretch = { ...point, from, entries: [], got: 0, provider: undefined, deadlineMs: 0 };
      from = point.index + 1;
      return stretch;
    });
    this.#bytes = anchor.points.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Asks idle providers for stretches that nobody is asked for, and gives up on late ones. */
  fetch(core: Core): void {
    const end = this.#stretches.at(-1)?.index ?? 0;
    if (core.commit >= end)
      core.catchUp = undefined; // the leader has sent it itself meanwhile
    else if (this.#bytes > core.limits.uncommittedBytesMax) this.#giveUp(core);
    else if (this.#stretches.every(isWhole)) this.#finish(core);
    else {
      this.#dropLate(core);
      this.#askIdle(core);
    }
  }

  /** Takes what a provider sent. */
  received(core: Core, from: MemberId, message: FetchReply): void {
    const stretch = this.#askedOf(from);
    if (!stretch || message.fromIndex !== stretch.from + stretch.entries.length) return;
    stretch.got += stretchBytes(message.entries);
    const isFitting = stretch.got <= stretch.bytes && follows(stretch, message);
    if (message.entries.length === 0 || !isFitting) return this.#reject(core, stretch, from);
    stretch.entries.push(...message.entries);
    if (!isWhole(stretch)) return this.#ask(core, stretch, from);
    const isSame = core.rules.isAnchored(stretchDigest(stretch.entries, core.hash), stretch.digest);
    if (isSame) this.fetch(core);
    else this.#reject(core, stretch, from);
  }

  /** A member cannot be reached any more: what it was asked for goes to another. */
  vanished(core: Core, member: MemberId): void {
    if (!this.#providers.has(member)) return;
    const stretch = this.#askedOf(member);
    if (stretch) drop(stretch);
    this.fetch(core);
  }

  #askedOf(provider: MemberId): Stretch | undefined {
    return this.#stretches.find((one) => one.provider === provider && !isWhole(one));
  }

  #dropLate(core: Core): void {
    for (const stretch of this.#stretches) {
      const { provider } = stretch;
      if (provider === undefined || isWhole(stretch) || core.now < stretch.deadlineMs) continue;
      drop(stretch);
      const times = (this.#providers.get(provider) ?? 0) + 1;
      if (times < lateTimesMax) this.#providers.set(provider, times);
      else this.#providers.delete(provider);
    }
  }

  #askIdle(core: Core): void {
    const bonded = [...this.#providers].filter(([id]) => core.bonds.has(id));
    if (bonded.length === 0) return this.#giveUp(core);
    const least = Math.min(...bonded.map(([, times]) => times));
    const idle = bonded.filter(([id, times]) => times === least && !this.#askedOf(id));
    for (const stretch of this.#stretches) {
      if (isWhole(stretch) || stretch.provider !== undefined) continue;
      const [provider] = idle.shift() ?? [];
      if (provider === undefined) return;
      stretch.provider = provider;
      stretch.deadlineMs = core.now + patienceMs(core, stretch);
      this.#ask(core, stretch, provider);
    }
  }

  #ask(core: Core, stretch: Stretch, provider: MemberId): void {
    core.send(provider, {
      kind: "fetch",
      instance: core.instance,
      term: core.term,
      fromIndex: stretch.from + stretch.entries.length,
      toIndex: stretch.index,
    });
  }

  #reject(core: Core, stretch: Stretch, provider: MemberId): void {
    this.#providers.delete(provider);
    drop(stretch);
    this.fetch(core);
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

/** A provider that was late so often is not asked any more. */
const lateTimesMax = 2;

/** How long a provider has for all of a stretch: as long for each answer that it takes at the limits. */
function patienceMs({ limits }: Core, { from, index, bytes }: Stretch): number {
  const answers = Math.min(index - from + 1, Math.ceil(bytes / limits.appendBytesMax));
  return answers * 2 * limits.electionMinMs;
}

function isWhole({ entries, from, index }: Stretch): boolean {
  return entries.length === index - from + 1;
}

/** Takes a stretch from its provider. */
function drop(stretch: Stretch): void {
  stretch.entries = [];
  stretch.got = 0;
  stretch.provider = undefined;
}

function follows(stretch: Stretch, message: FetchReply): boolean {
  let index = message.fromIndex;
  let term = stretch.entries.at(-1)?.term ?? 0;
  for (const entry of message.entries) {
    if (entry.index !== index || entry.term < term || index > stretch.index) return false;
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
