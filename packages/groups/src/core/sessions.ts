import { answerBytesMax, commandsMax, sessionsMax } from "../config.ts";
import { type ByteReader, decodeTotal } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type CommandFrame, readSession, writeSession } from "./command-frame.ts";

/** What became of a frame, as its session remembers it: one encoded outcome a command. */
export interface Answer {
  readonly position: number;
  readonly outcomes: readonly Uint8Array[];
}

interface Session {
  /** The last sequence that was carried out, or that its owner gave up. */
  last: number;
  /** The position of its last frame. */
  usedAt: number;
  /** Answers by sequence, oldest first; those whose owner has seen them are gone. */
  readonly answers: Map<number, Answer>;
  answerBytes: number;
  /** Captured since it was last changed: the next change makes a copy. */
  isShared: boolean;
}

/** What was remembered at a moment, to be written while it changes. */
export interface SessionsCapture {
  /** How many sessions there are, and what else is remembered. */
  readonly size: number;
  readonly horizon: number;
  /** One record a session, in the order of their last use. */
  readonly records: Iterable<Uint8Array>;
}

/** What to do with a frame. `stale`: it may be a retry of something long forgotten. */
export type Verdict = "fresh" | "duplicate" | "gap" | "stale";

/**
 * Decides which frames are carried out, so that each takes effect once, in the order its owner gave
 * them, however often it is sent (Raft thesis §6.3). Part of the replicated state.
 *
 * 1. A session's frames are carried out in the order of their sequences, without a gap but for those
 *    that their owner gave up (`settled`), each at most once.
 * 2. A forgotten session's frames are never carried out again: whoever forgets one remembers its
 *    position, and frames of unknown sessions that were given before that are refused.
 * 3. What is kept depends on the log alone, and is bounded.
 */
export class Sessions {
  /** In the order of their last use. */
  readonly #sessions = new Map<string, Session>();
  /** The one used last, where that is known: it is in its place already. */
  #latest: string | undefined;
  /** Sessions last used up to here may have been forgotten. */
  #horizon = 0;

  /** How many are remembered. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Judges a frame at a position and, where it is fresh, counts it as carried out. */
  admit(frame: CommandFrame, position: number): Verdict {
    const { session: key, sequence, settled, givenAt } = frame;
    let session = this.#sessions.get(key);
    if (session === undefined) {
      if (givenAt < this.#horizon) return "stale";
      session = {
        last: 0,
        usedAt: position,
        answers: new Map(),
        answerBytes: 0,
        isShared: false,
      };
    } else session = owned(session);
    this.#use(key, session, position);
    if (settled > session.last) session.last = settled;
    forgetUpTo(session, settled);
    if (sequence <= session.last) return "duplicate";
    if (sequence > session.last + 1 || sequence - settled > commandsMax) return "gap";
    session.last = sequence;
    return "fresh";
  }

  /** Remembers what became of a frame that was fresh. */
  answer(frame: CommandFrame, answer: Answer): void {
    const known = this.#sessions.get(frame.session);
    if (known === undefined) return;
    const session = owned(known);
    if (session !== known) this.#sessions.set(frame.session, session);
    const bytes = bytesOf(answer);
    if (bytes > answerBytesMax) return;
    session.answers.set(frame.sequence, answer);
    session.answerBytes += bytes;
    if (session.answerBytes <= answerBytesMax) return;
    for (const [sequence, old] of session.answers) {
      if (session.answerBytes <= answerBytesMax) return;
      session.answers.delete(sequence);
      session.answerBytes -= bytesOf(old);
    }
  }

  /** What is remembered of a frame. `forgotten`: it was carried out, with what answer is not known. */
  lookUp(key: string, sequence: number): Answer | "forgotten" | "unseen" {
    const session = this.#sessions.get(key);
    if (session === undefined || sequence > session.last) return "unseen";
    return session.answers.get(sequence) ?? "forgotten";
  }

  /** All of it as it is now: costs a step a session, whatever they remember. */
  capture(): SessionsCapture {
    const sessions = [...this.#sessions];
    for (const [, session] of sessions) session.isShared = true;
    return { size: sessions.length, horizon: this.#horizon, records: written(sessions) };
  }

  /** Begins anew with a horizon that was captured. */
  begin(horizon: number): void {
    this.#sessions.clear();
    this.#latest = undefined;
    this.#horizon = horizon;
  }

  /** Takes in a session that was captured; `false` where the bytes are none. Total. */
  add(record: Uint8Array): boolean {
    const known = decodeTotal(record, readRecord);
    if (known === undefined || this.#sessions.size >= sessionsMax) return false;
    this.#sessions.set(...known);
    this.#latest = undefined;
    return true;
  }

  #use(key: string, session: Session, position: number): void {
    session.usedAt = position;
    if (key !== this.#latest) this.#sessions.delete(key);
    this.#sessions.set(key, session);
    this.#latest = key;
    if (this.#sessions.size <= sessionsMax) return;
    for (const [oldest, { usedAt }] of this.#sessions) {
      this.#sessions.delete(oldest);
      this.#horizon = Math.max(this.#horizon, usedAt);
      return;
    }
  }
}

/** A session that may be changed. */
function owned(session: Session): Session {
  if (!session.isShared) return session;
  return { ...session, answers: new Map(session.answers), isShared: false };
}

function* written(sessions: readonly (readonly [string, Session])[]): Generator<Uint8Array> {
  for (const [key, { last, usedAt, answers }] of sessions) {
    const writer = new ByteWriter();
    writeSession(writer, key);
    writer.position(last).position(usedAt).u32(answers.size);
    for (const [sequence, { position, outcomes }] of answers) {
      writer.position(sequence).position(position).u16(outcomes.length);
      for (const outcome of outcomes) writer.bytes(outcome);
    }
    yield writer.finish();
  }
}

function readRecord(reader: ByteReader): [string, Session] {
  const key = readSession(reader);
  const [last, usedAt] = [reader.position(), reader.position()];
  const answers = new Map<number, Answer>();
  let answerBytes = 0;
  const count = reader.count(reader.u32(), commandsMax, 18);
  for (let at = 0; at < count; at++) {
    const [sequence, position] = [reader.position(), reader.position()];
    const outcomes = Array.from({ length: reader.count(reader.u16(), 0xffff, 4) }, () =>
      reader.bytes().slice(),
    );
    answers.set(sequence, { position, outcomes });
    answerBytes += bytesOf({ position, outcomes });
  }
  return [key, { last, usedAt, answers, answerBytes, isShared: false }];
}

function forgetUpTo(session: Session, settled: number): void {
  for (const [sequence, answer] of session.answers) {
    if (sequence > settled) return;
    session.answers.delete(sequence);
    session.answerBytes -= bytesOf(answer);
  }
}

/** No less than it takes in a record. */
function bytesOf({ outcomes }: Answer): number {
  let bytes = 32;
  for (const outcome of outcomes) bytes += 4 + outcome.byteLength;
  return bytes;
}
