import { answerBytesMax, commandsMax, sessionsMax } from "../config.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { type CommandFrame, sessionKey, writeSession } from "./command-frame.ts";

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
      session = { last: 0, usedAt: position, answers: new Map(), answerBytes: 0 };
    }
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
    const session = this.#sessions.get(frame.session);
    if (session === undefined) return;
    session.answers.set(frame.sequence, answer);
    session.answerBytes += bytesOf(answer);
    for (const [sequence, old] of session.answers) {
      if (session.answerBytes <= answerBytesMax || sequence === frame.sequence) return;
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

  /** Writes all of it. */
  write(writer: ByteWriter): void {
    writer.position(this.#horizon).u32(this.#sessions.size);
    for (const [key, { last, usedAt, answers }] of this.#sessions) {
      writeSession(writer, key);
      writer.position(last).position(usedAt).u32(answers.size);
      for (const [sequence, { position, outcomes }] of answers) {
        writer.position(sequence).position(position).u16(outcomes.length);
        for (const outcome of outcomes) writer.bytes(outcome);
      }
    }
  }

  /** Replaces all of it by what was written; throws where it is malformed. */
  read(reader: ByteReader): void {
    this.#sessions.clear();
    this.#horizon = reader.position();
    const count = reader.count(reader.u32(), sessionsMax, 36);
    for (let index = 0; index < count; index++) {
      const key = sessionKey(reader.raw(16));
      const session = {
        last: reader.position(),
        usedAt: reader.position(),
        answers: new Map<number, Answer>(),
        answerBytes: 0,
      };
      const answers = reader.count(reader.u32(), commandsMax, 18);
      for (let at = 0; at < answers; at++) {
        const sequence = reader.position();
        const position = reader.position();
        const outcomes = Array.from({ length: reader.count(reader.u16(), 0xffff, 4) }, () =>
          reader.bytes().slice(),
        );
        session.answers.set(sequence, { position, outcomes });
        session.answerBytes += bytesOf({ position, outcomes });
      }
      this.#sessions.set(key, session);
    }
  }

  #use(key: string, session: Session, position: number): void {
    session.usedAt = position;
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    if (this.#sessions.size <= sessionsMax) return;
    for (const [oldest, { usedAt }] of this.#sessions) {
      this.#sessions.delete(oldest);
      this.#horizon = Math.max(this.#horizon, usedAt);
      return;
    }
  }
}

function forgetUpTo(session: Session, settled: number): void {
  for (const [sequence, answer] of session.answers) {
    if (sequence > settled) return;
    session.answers.delete(sequence);
    session.answerBytes -= bytesOf(answer);
  }
}

function bytesOf({ outcomes }: Answer): number {
  let bytes = 32;
  for (const outcome of outcomes) bytes += outcome.byteLength;
  return bytes;
}
