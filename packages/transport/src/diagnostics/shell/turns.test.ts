import type { Clock, Timer } from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diagnosticsLimits } from "../config.ts";
import { Turns } from "./turns.ts";

/** A clock that work moves on, and that goes from one timer to the next. */
class WorkClock implements Clock {
  ms = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();
  now = (): number => this.ms;
  monotonic = (): number => this.ms;
  soon = (run: () => void): void => void this.after(0, run);

  after(ms: number, run: () => void): Timer {
    const timer = { atMs: this.ms + ms, run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  run(untilMs: number): void {
    for (;;) {
      const [next] = [...this.#timers].sort((one, other) => one.atMs - other.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.ms = Math.max(this.ms, next.atMs);
      next.run();
    }
    this.ms = Math.max(this.ms, untilMs);
  }
}

const { answersShareMax, answersBurstMs, answerOverheadMs, answerCostMaxMs } = diagnosticsLimits;

/** Those who ask again as soon as they were answered; how often each was, and what that took. */
function greedy(costsMs: readonly (() => number)[], forMs: number) {
  const clock = new WorkClock();
  const turns = new Turns(clock);
  const answers = costsMs.map(() => 0);
  let workMs = 0;
  const ask = (who: number): void => {
    turns.take(() => {
      const costMs = costsMs[who]?.() ?? 0;
      clock.ms += costMs;
      workMs += costMs;
      answers[who] = (answers[who] ?? 0) + 1;
      clock.soon(() => ask(who));
    });
  };
  for (const who of costsMs.keys()) ask(who);
  clock.run(forMs);
  const overheadMs = answers.reduce((sum, count) => sum + count * answerOverheadMs, 0);
  return { answers, spentMs: workMs + overheadMs, elapsedMs: clock.ms };
}

describe("the work for inspectors", () => {
  test("takes no more than its share of the time, however many are greedy, and what an answer costs", () => {
    const cost = fc.double({ min: 0, max: answerCostMaxMs, noNaN: true });
    fc.assert(
      fc.property(fc.array(cost, { minLength: 1, maxLength: 20 }), (costs) => {
        const { spentMs, elapsedMs } = greedy(
          costs.map((ms) => () => ms),
          10_000,
        );
        const oneMs = Math.max(...costs) + answerOverheadMs;
        const boundMs = answersBurstMs + answersShareMax * elapsedMs + oneMs;
        expect(spentMs).toBeLessThanOrEqual(boundMs + 1e-6);
        expect(spentMs).toBeGreaterThan(answersShareMax * elapsedMs - oneMs); // and all of it is given
      }),
    );
  });

  test("goes to each of ten in turn, whoever's answers are dear", () => {
    const costs = Array.from(
      { length: 10 },
      (_, who) => () => (who === 0 ? answerCostMaxMs : 0.05),
    );
    const { answers } = greedy(costs, 60_000);
    expect(Math.max(...answers) - Math.min(...answers)).toBeLessThanOrEqual(1);
    expect(Math.min(...answers)).toBeGreaterThan(60);
  });

  test("is not done for those who have gone", () => {
    const clock = new WorkClock();
    const turns = new Turns(clock);
    const done: string[] = [];
    turns.take(() => (clock.ms += 1_000)); // nobody has a turn for a while
    for (let dear = 0; dear < answersBurstMs / answerCostMaxMs; dear++)
      turns.take(() => (clock.ms += answerCostMaxMs));
    const gone = turns.take(() => done.push("gone"));
    turns.take(() => done.push("here"));
    gone[Symbol.dispose]();
    expect(done).toEqual([]);
    clock.run(60_000);
    expect(done).toEqual(["here"]);
  });
});
