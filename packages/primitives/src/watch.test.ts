import { describe, expect, it } from "vitest";
import { WatchSource } from "./watch.ts";

describe("WatchSource", () => {
  it("tells listeners of changes, not of the present value or of a set to the same one", () => {
    const source = new WatchSource(1);
    const seen: number[] = [];
    source.subscribe((value) => seen.push(value));
    source.set(1);
    source.set(2);
    source.set(2);
    source.set(3);
    expect(seen).toEqual([2, 3]);
    expect(source.value).toBe(3);
  });

  it("forgets a listener once it is disposed of, also in the middle of a change", () => {
    const source = new WatchSource(0);
    const seen: string[] = [];
    source.subscribe(() => {
      seen.push("first");
      second[Symbol.dispose]();
    });
    const second = source.subscribe(() => seen.push("second"));
    source.set(1);
    expect(seen).toEqual(["first"]);
  });

  it("keeps two subscriptions of one function apart", () => {
    const source = new WatchSource(0);
    let calls = 0;
    const listener = (): void => void calls++;
    const first = source.subscribe(listener);
    source.subscribe(listener);
    first[Symbol.dispose]();
    source.set(1);
    expect(calls).toBe(1);
  });

  it("tells the other listeners and the owner nothing of one that throws", async () => {
    const source = new WatchSource(0);
    const seen: number[] = [];
    const thrown = new Error("a listener's");
    source.subscribe(() => {
      throw thrown;
    });
    source.subscribe((value) => seen.push(value));
    const uncaught = takeUncaught();
    expect(() => source.set(1)).not.toThrow();
    expect(seen).toEqual([1]);
    expect(await uncaught).toBe(thrown);
  });

  it("tells of its closing once, at once where it is closed", () => {
    const source = new WatchSource(0);
    let closed = 0;
    const own = source.subscribe(
      () => {},
      () => closed++,
    );
    const gone = source.subscribe(
      () => {},
      () => closed++,
    );
    gone[Symbol.dispose]();
    source.close();
    source.close();
    own[Symbol.dispose]();
    expect(closed).toBe(1);
    source.subscribe(
      () => {},
      () => closed++,
    );
    expect(closed).toBe(2);
  });

  it("takes no value once closed, and keeps the last readable", () => {
    const source = new WatchSource(0);
    const seen: number[] = [];
    source.subscribe((value) => seen.push(value));
    source.close();
    source.set(1);
    expect(seen).toEqual([]);
    expect(source.value).toBe(0);
  });
});

describe("changes", () => {
  it("begins with the present value and misses values in between, never the last", async () => {
    const source = new WatchSource(0);
    const seen: number[] = [];
    for await (const value of source.changes()) {
      seen.push(value);
      if (value === 0) {
        source.set(1);
        source.set(2);
      } else source.close();
    }
    expect(seen).toEqual([0, 2]);
  });

  it("delivers the last value that was set before the watch closed", async () => {
    const source = new WatchSource(0);
    const changes = source.changes()[Symbol.asyncIterator]();
    expect(await changes.next()).toEqual({ done: false, value: 0 });
    source.set(1);
    source.close();
    expect(await changes.next()).toEqual({ done: false, value: 1 });
    expect(await changes.next()).toEqual({ done: true, value: undefined });
  });

  it("wakes a waiting reader", async () => {
    const source = new WatchSource("a");
    const changes = source.changes()[Symbol.asyncIterator]();
    await changes.next();
    const waiting = changes.next();
    source.set("b");
    expect(await waiting).toEqual({ done: false, value: "b" });
    const last = changes.next();
    source.close();
    expect((await last).done).toBe(true);
  });

  it("ends when its signal aborts, before the first value and while it waits", async () => {
    const source = new WatchSource(0);
    const aborted = source.changes({ signal: AbortSignal.abort() })[Symbol.asyncIterator]();
    expect((await aborted.next()).done).toBe(true);
    const controller = new AbortController();
    const changes = source.changes({ signal: controller.signal })[Symbol.asyncIterator]();
    await changes.next();
    const waiting = changes.next();
    controller.abort();
    expect((await waiting).done).toBe(true);
  });
});

/** The next uncaught error, which then counts as caught. */
function takeUncaught(): Promise<unknown> {
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  return new Promise((resolve) => {
    process.once("uncaughtException", (error) => {
      for (const other of others) process.on("uncaughtException", other);
      resolve(error);
    });
  });
}
