import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerBytesMax, sessionsMax, stateChunkBytesMax } from "../config.ts";
import type { CommandFrame } from "./command-frame.ts";
import { Sessions, type SessionsCapture } from "./sessions.ts";

function frame(session: string, sequence: number, settled = 0, givenAt = 0): CommandFrame {
  return { session: session.padEnd(8), sequence, settled, givenAt, commands: [new Uint8Array(1)] };
}

function restored({ horizon, records }: SessionsCapture): Sessions {
  const again = new Sessions();
  again.begin(horizon);
  for (const record of records) expect(again.add(record)).toBe(true);
  return again;
}

function copy(sessions: Sessions): Sessions {
  return restored(sessions.capture());
}

describe("sessions", () => {
  it("a retry is not carried out again, and is answered as the first time", () => {
    const sessions = new Sessions();
    const answer = { position: 7, outcomes: [Uint8Array.of(1, 2)] };
    expect(sessions.admit(frame("a", 1), 7)).toBe("fresh");
    sessions.answer(frame("a", 1), answer);
    expect(sessions.admit(frame("a", 1), 9)).toBe("duplicate");
    expect(sessions.lookUp("a".padEnd(8), 1)).toEqual(answer);
    expect(copy(sessions).lookUp("a".padEnd(8), 1)).toEqual(answer);
  });

  it("what comes before what it follows is not carried out", () => {
    const sessions = new Sessions();
    expect(sessions.admit(frame("a", 2), 1)).toBe("gap");
    expect(sessions.admit(frame("a", 1), 2)).toBe("fresh");
    expect(sessions.admit(frame("a", 2), 3)).toBe("fresh");
  });

  it("what its owner gave up is never carried out afterwards", () => {
    const sessions = new Sessions();
    expect(sessions.admit(frame("a", 3, 2), 1)).toBe("fresh");
    expect(sessions.admit(frame("a", 1), 2)).toBe("duplicate");
    expect(sessions.admit(frame("a", 2), 3)).toBe("duplicate");
  });

  it("an answer is forgotten once its owner has seen it", () => {
    const sessions = new Sessions();
    sessions.admit(frame("a", 1), 1);
    sessions.answer(frame("a", 1), { position: 1, outcomes: [] });
    sessions.admit(frame("a", 2, 1), 2);
    expect(sessions.lookUp("a".padEnd(8), 1)).toBe("forgotten");
  });

  it("a retry of a forgotten session is refused, however late it comes", () => {
    const sessions = new Sessions();
    sessions.admit(frame("old", 1, 0, 0), 1);
    for (let index = 0; index < sessionsMax; index++) {
      sessions.admit(frame(`s${index}`, 1, 0, index + 1), index + 2);
    }
    expect(sessions.size).toBe(sessionsMax);
    expect(sessions.admit(frame("old", 1, 0, 0), 99_999)).toBe("stale");
    expect(copy(sessions).admit(frame("old", 1, 0, 0), 99_999)).toBe("stale");
    expect(sessions.admit(frame("new", 1, 0, 5_000), 100_000)).toBe("fresh");
  });

  it("an answer that is too large to be remembered is forgotten at once", () => {
    const sessions = new Sessions();
    for (const sequence of [1, 2]) {
      sessions.admit(frame("a", sequence), sequence);
      const bytes = sequence === 1 ? 10 : answerBytesMax;
      sessions.answer(frame("a", sequence), {
        position: sequence,
        outcomes: [new Uint8Array(bytes)],
      });
    }
    expect(sessions.lookUp("a".padEnd(8), 1)).toMatchObject({ position: 1 });
    expect(sessions.lookUp("a".padEnd(8), 2)).toBe("forgotten");
  });

  it("what is captured is what was there then, whatever comes before it is written", () => {
    const sends = fc.array(fc.record({ session: fc.nat(2), settled: fc.boolean() }));
    fc.assert(
      fc.property(sends, sends, (before, after) => {
        const sessions = new Sessions();
        const next = [1, 1, 1];
        let position = 0;
        const carryOut = (all: typeof before): void => {
          for (const { session, settled } of all) {
            const sequence = next[session] ?? 1;
            next[session] = sequence + 1;
            const sent = frame(`${session}`, sequence, settled ? sequence - 1 : 0);
            sessions.admit(sent, ++position);
            sessions.answer(sent, { position, outcomes: [Uint8Array.of(sequence)] });
          }
        };
        carryOut(before);
        const expected = [...sessions.capture().records].map((record) => record.slice());
        const capture = sessions.capture();
        carryOut(after);
        expect([...capture.records]).toEqual(expected);
        expect([...copy(restored({ ...capture, records: expected })).capture().records]).toEqual(
          expected,
        );
      }),
    );
  });

  it("a session's record fits a chunk, with as many answers as are remembered", () => {
    const sessions = new Sessions();
    for (let sequence = 1; sequence < 1_000; sequence++) {
      sessions.admit(frame("a", sequence), sequence);
      sessions.answer(frame("a", sequence), {
        position: sequence,
        outcomes: Array.from({ length: 200 }, () => new Uint8Array(0)),
      });
    }
    const [record] = sessions.capture().records;
    expect(record?.byteLength).toBeLessThan(stateChunkBytesMax);
  });

  it("under any loss, repetition and reordering each frame counts once, in order, on every copy", () => {
    const send = fc.record({ session: fc.nat(3), sequence: fc.integer({ min: 1, max: 12 }) });
    fc.assert(
      fc.property(fc.array(send, { maxLength: 120 }), fc.nat(119), (sends, copyAt) => {
        const sessions = new Sessions();
        let twin: Sessions | undefined;
        const carriedOut = new Map<number, number[]>();
        sends.forEach(({ session, sequence }, index) => {
          if (index === copyAt) twin = copy(sessions);
          const sent = frame(`${session}`, sequence);
          const verdict = sessions.admit(sent, index + 1);
          if (twin) expect(twin.admit(sent, index + 1)).toBe(verdict);
          if (verdict !== "fresh") return;
          carriedOut.set(session, [...(carriedOut.get(session) ?? []), sequence]);
        });
        for (const sequences of carriedOut.values()) {
          expect(sequences).toEqual(sequences.map((_, index) => index + 1));
        }
      }),
    );
  });
});
