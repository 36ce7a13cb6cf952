import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTimer } from "./timer.ts";

const dayMs = 86_400_000;

describe("startTimer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("waits longer than the platform's timers can", () => {
    let ran = 0;
    startTimer(60 * dayMs, () => ran++);
    vi.advanceTimersByTime(60 * dayMs - 1);
    expect(ran).toBe(0);
    vi.advanceTimersByTime(1);
    expect(ran).toBe(1);
    vi.advanceTimersByTime(100 * dayMs);
    expect(ran).toBe(1);
  });

  it("can be cancelled on each leg of a long wait", () => {
    let ran = 0;
    const first = startTimer(60 * dayMs, () => ran++);
    first.cancel();
    const second = startTimer(60 * dayMs, () => ran++);
    vi.advanceTimersByTime(50 * dayMs);
    second.cancel();
    vi.advanceTimersByTime(50 * dayMs);
    expect(ran).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("never runs what is due at infinity", () => {
    let ran = 0;
    startTimer(Number.POSITIVE_INFINITY, () => ran++);
    vi.advanceTimersByTime(365 * dayMs);
    expect(ran).toBe(0);
  });
});
