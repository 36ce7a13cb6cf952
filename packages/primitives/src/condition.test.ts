import { describe, expect, it } from "vitest";
import { type Condition, condition } from "./condition.ts";
import { isMosaikError } from "./error.ts";
import { WatchSource } from "./watch.ts";

/** Begins to wait at once, where `await` begins a microtask later. */
const wait = (when: Condition): Promise<void> =>
  new Promise((resolve, reject) => when.then(resolve, reject));
const positive = (value: number): boolean => value > 0;

describe("condition", () => {
  it("is met at once where it holds already", async () => {
    const when = condition(new WatchSource(1), positive);
    expect(when.met).toBe(true);
    await when;
  });

  it("waits until it holds, even if only for a moment", async () => {
    const source = new WatchSource(0);
    const when = condition(source, positive);
    const waiting = wait(when);
    source.set(1);
    source.set(0);
    await waiting;
    expect(when.met).toBe(false);
  });

  it("can be awaited again and again", async () => {
    const source = new WatchSource(0);
    const when = condition(source, positive);
    const all = Promise.all([when, when]);
    source.set(1);
    await all;
    await when;
  });

  it("has an inverse that is met exactly when it is not", async () => {
    const source = new WatchSource(1);
    const not = condition(source, positive).inverse();
    expect(not.met).toBe(false);
    const waiting = wait(not);
    source.set(0);
    await waiting;
    expect(not.met).toBe(true);
    expect(not.inverse().met).toBe(false);
  });

  it("rejects with the reason of its signal, aborted before or while it waits", async () => {
    const reason = new Error("enough");
    const source = new WatchSource(0);
    const before = condition(source, positive, { signal: AbortSignal.abort(reason) });
    await expect(wait(before)).rejects.toBe(reason);
    const controller = new AbortController();
    const during = wait(condition(source, positive, { signal: controller.signal }));
    controller.abort(reason);
    await expect(during).rejects.toBe(reason);
  });

  it("rejects where the watch closes before it holds, and where it was closed already", async () => {
    const source = new WatchSource(0);
    const waiting = wait(condition(source, positive));
    source.close();
    const closed = await waiting.then(undefined, (error: unknown) => error);
    expect(isMosaikError(closed, "CONDITION_CLOSED")).toBe(true);
    await expect(wait(condition(source, positive))).rejects.toThrow("closed");
    await condition(source, (value) => value === 0);
  });

  it("rejects with what its test throws and leaves the owner of the watch alone", async () => {
    const source = new WatchSource(0);
    const waiting = wait(
      condition(source, (value) => {
        if (value === 1) throw new Error("a bad test");
        return false;
      }),
    );
    expect(() => source.set(1)).not.toThrow();
    await expect(waiting).rejects.toThrow("a bad test");
  });

  it("leaves no listener behind", async () => {
    const source = new WatchSource(0);
    const controller = new AbortController();
    const { signal } = controller;
    let tests = 0;
    const counted = (value: number): boolean => {
      tests++;
      return value === 1;
    };
    const waiting = wait(condition(source, counted, { signal }));
    source.set(1);
    await waiting;
    const before = tests;
    source.set(2);
    expect(tests).toBe(before);
  });
});
