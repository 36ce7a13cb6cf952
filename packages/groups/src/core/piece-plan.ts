import {
  snapshotAskAgainMs,
  snapshotPiecesAsked,
  snapshotPiecesWindow,
  snapshotPieceTimeoutMs,
} from "../config.ts";
import type { MemberId } from "../raft/member.ts";

interface Provider {
  /** Pieces asked and not answered. */
  readonly asked: Set<number>;
  /** When it has been silent for too long, while it is asked. */
  deadlineMs: number;
  /** It is not asked before this. */
  notBeforeMs: number;
  /** How often it has been silent for too long, or has gone with what it was asked for. */
  stalls: number;
  hasNone: boolean;
}

/** A piece, and who is to be asked for it. */
export interface PieceRequest {
  readonly to: MemberId;
  readonly piece: number;
}

/** What became of a piece that arrived. */
export type Arrival = "taken" | "wrong" | "needless";

/**
 * Fetches the pieces of a snapshot from several members in parallel (R13).
 *
 * 1. A piece counts only where it is what the leader's offer says, whoever sent it. Who sent another
 *    one is asked no more.
 * 2. The leader is asked only while no other member is known to be of use, or not yet known.
 * 3. Who has been silent for too long, does not have the snapshot, or has gone, loses what it was
 *    asked for to others.
 * 4. No more than a window of pieces is asked for or waiting: they are handed on in order.
 */
export class PiecePlan {
  readonly #pieces: number;
  readonly #isGenuine: (piece: number, bytes: Uint8Array) => boolean;
  readonly #providers = new Map<MemberId, Provider>();
  readonly #liars = new Set<MemberId>();
  /** Who went with what it was asked for, and has given nothing since. */
  readonly #deserters = new Map<MemberId, Pick<Provider, "stalls" | "notBeforeMs">>();
  readonly #waiting = new Map<number, Uint8Array>();
  #leader: MemberId;
  #handedOn = 0;

  constructor(
    pieces: number,
    leader: MemberId,
    isGenuine: (piece: number, bytes: Uint8Array) => boolean,
  ) {
    this.#pieces = pieces;
    this.#leader = leader;
    this.#isGenuine = isGenuine;
  }

  /** Whether all pieces were handed on. */
  get isWhole(): boolean {
    return this.#handedOn === this.#pieces;
  }

  /** The next piece in order, once it is there. */
  get next(): Uint8Array | undefined {
    return this.#waiting.get(this.#handedOn);
  }

  /** Whether nobody is asked, and the leader itself has none to give. */
  get isHopeless(): boolean {
    const leader = this.#providers.get(this.#leader);
    const isOut = leader?.hasNone === true || this.#liars.has(this.#leader);
    return isOut && !this.isWhole && this.#waiting.size === 0 && this.#asked().size === 0;
  }

  /** When to look again, though nothing arrives; after `requests`. */
  nextMs(nowMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { asked, deadlineMs, notBeforeMs } of this.#providers.values()) {
      const at = asked.size > 0 ? deadlineMs : notBeforeMs;
      if (at > nowMs) next = Math.min(next, at);
    }
    return next;
  }

  /** The leader, who is asked last. */
  set leader(leader: MemberId) {
    this.#leader = leader;
    const provider = this.#providers.get(leader);
    if (provider) provider.hasNone = false;
  }

  /** A member that may have the snapshot. */
  provide(id: MemberId): void {
    if (this.#providers.has(id) || this.#liars.has(id)) return;
    const asked = new Set<number>();
    const { stalls, notBeforeMs } = this.#deserters.get(id) ?? { stalls: 0, notBeforeMs: 0 };
    this.#providers.set(id, { asked, deadlineMs: 0, notBeforeMs, stalls, hasNone: false });
  }

  /** A member cannot be asked any more. */
  withdraw(id: MemberId, nowMs: number): void {
    const provider = this.#providers.get(id);
    this.#providers.delete(id);
    if (provider === undefined || provider.asked.size === 0) return;
    rest(provider, nowMs + pauseMs(provider.stalls++));
    this.#deserters.set(id, provider);
  }

  /** A member says that it does not have the snapshot. */
  gone(id: MemberId, nowMs: number): void {
    const provider = this.#providers.get(id);
    if (provider === undefined || provider.asked.size === 0) return;
    provider.hasNone = true;
    rest(provider, nowMs + snapshotAskAgainMs);
  }

  /** Takes a piece that a member sent. */
  arrived(id: MemberId, piece: number, bytes: Uint8Array, nowMs: number): Arrival {
    const provider = this.#providers.get(id);
    if (provider === undefined) return "needless";
    const isWanted = this.#isWanted(piece);
    if (provider.asked.delete(piece) || isWanted) {
      provider.deadlineMs = nowMs + snapshotPieceTimeoutMs; // with others it gains no time
    }
    if (!isWanted) return "needless";
    if (!this.#isGenuine(piece, bytes)) {
      this.#liars.add(id);
      this.#providers.delete(id);
      return "wrong";
    }
    provider.stalls = 0;
    provider.hasNone = false;
    this.#deserters.delete(id);
    for (const { asked } of this.#providers.values()) asked.delete(piece);
    this.#waiting.set(piece, bytes);
    return "taken";
  }

  /** The next piece in order was handed on. */
  handOn(): void {
    if (this.#waiting.delete(this.#handedOn)) this.#handedOn++;
  }

  /** Whom to ask for what now; those who were silent for too long lose what they were asked for. */
  requests(nowMs: number): PieceRequest[] {
    for (const provider of this.#providers.values()) {
      if (provider.asked.size === 0 || nowMs < provider.deadlineMs) continue;
      rest(provider, nowMs + pauseMs(provider.stalls++));
    }
    const asked = this.#asked();
    const end = Math.min(this.#pieces, this.#handedOn + snapshotPiecesWindow);
    const requests: PieceRequest[] = [];
    for (let piece = this.#handedOn; piece < end; piece++) {
      if (asked.has(piece) || this.#waiting.has(piece)) continue;
      const to = this.#choose(nowMs);
      if (to === undefined) break;
      requests.push({ to, piece });
      this.#ask(to, piece, nowMs);
    }
    return requests;
  }

  #ask(to: MemberId, piece: number, nowMs: number): void {
    const provider = this.#providers.get(to);
    if (provider === undefined) return;
    if (provider.asked.size === 0) provider.deadlineMs = nowMs + snapshotPieceTimeoutMs;
    provider.asked.add(piece);
  }

  /** Who is asked for least, of those that may be asked. */
  #choose(nowMs: number): MemberId | undefined {
    const others = [...this.#providers].filter(([id]) => id !== this.#leader);
    const last = this.#providers.get(this.#leader);
    const isSpared = last === undefined || others.some(([, provider]) => isSound(provider));
    let chosen: MemberId | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const [id, provider] of isSpared ? others : [...others, [this.#leader, last] as const]) {
      const most = isSound(provider) ? snapshotPiecesAsked : 1;
      const { size } = provider.asked;
      if (provider.notBeforeMs > nowMs || size >= most || size >= least) continue;
      [chosen, least] = [id, size];
    }
    return chosen;
  }

  #isWanted(piece: number): boolean {
    const isInWindow = piece >= this.#handedOn && piece < this.#handedOn + snapshotPiecesWindow;
    return isInWindow && piece < this.#pieces && !this.#waiting.has(piece);
  }

  #asked(): Set<number> {
    return new Set([...this.#providers.values()].flatMap(({ asked }) => [...asked]));
  }
}

function rest(provider: Provider, notBeforeMs: number): void {
  provider.asked.clear();
  provider.notBeforeMs = notBeforeMs;
}

/** How long it is not asked after so many stalls. */
function pauseMs(stalls: number): number {
  return snapshotPieceTimeoutMs * 2 ** Math.min(stalls, 4);
}

/** Whether it is not known to be of no use; where it is, it is asked for one piece now and then. */
function isSound({ hasNone, stalls }: Provider): boolean {
  return !hasNone && stalls === 0;
}
