import { describe, expect, it } from "vitest";
import { systemClock as browserClock } from "./browser.ts";
import { systemClock as nodeClock } from "./node.ts";

describe.each([
  ["Node", nodeClock],
  ["the browser", browserClock],
])("the clock of %s", (_name, clock) => {
  it("tells the time of the machine, and one that never goes back", () => {
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
    const first = clock.monotonic();
    expect(clock.monotonic()).toBeGreaterThanOrEqual(first);
  });

  it("runs a function once after a while, unless it is cancelled", async () => {
    const ran: string[] = [];
    clock.after(1, () => ran.push("cancelled")).cancel();
    const timer = await new Promise<{ cancel(): void }>((resolve) => {
      const own = clock.after(2, () => {
        ran.push("ran");
        resolve(own);
      });
    });
    timer.cancel();
    expect(ran).toEqual(["ran"]);
  });

  it("runs what is due soon in order, after every promise of the present turn", async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      clock.soon(() => order.push("first"));
      clock.soon(() => {
        order.push("second");
        resolve();
      });
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => order.push("promise"));
    });
    expect(order).toEqual(["promise", "first", "second"]);
  });
});
