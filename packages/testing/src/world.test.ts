import { describe, expect, it } from "vitest";
import { until } from "./until.ts";
import { World } from "./world.ts";

describe("a world", () => {
  it("lets those within it wait, and says what did not come in time", async () => {
    const world = new World({ seed: 1 });
    const test = async (): Promise<string> => {
      await world.sleep(100);
      const soon = world.sleep(20).then(() => "soon");
      expect(await world.within(30, soon)).toBe("soon");
      expect(world.elapsedMs).toBe(120);
      await expect(world.within(30, Promise.reject(new Error("own")))).rejects.toThrow("own");
      return world.within(30, new Promise<string>(() => {}));
    };
    await expect(world.settle(test())).rejects.toThrow("within 30 virtual ms");
    expect(world.elapsedMs).toBe(150);
  });

  it("moves time from event to event, then to where it was asked to", async () => {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    const seen: number[] = [];
    clock.after(20, () => seen.push(clock.monotonic()));
    clock.after(10, () => seen.push(clock.monotonic()));
    clock.after(31, () => seen.push(clock.monotonic()));
    await world.run(30);
    expect(seen).toEqual([10, 20]);
    expect(world.elapsedMs).toBe(30);
  });

  it("lets every promise run its course before the next event", async () => {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    const seen: string[] = [];
    clock.soon(async () => {
      for (let step = 0; step < 500; step++) await undefined;
      seen.push("a long chain of promises");
    });
    clock.soon(() => seen.push("soon"));
    await world.run(0);
    expect(seen).toEqual(["a long chain of promises", "soon"]);
  });

  it("runs what is wanted soon at the same time, after what was scheduled for it", async () => {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    const seen: string[] = [];
    clock.after(5, () => {
      seen.push("first");
      clock.soon(() => seen.push(`soon, at ${clock.monotonic()}`));
    });
    clock.after(5, () => seen.push("second"));
    await world.run(10);
    expect(seen).toEqual(["first", "second", "soon, at 5"]);
  });

  it("forgets a timer that is cancelled", async () => {
    const world = new World({ seed: 1 });
    const timer = world.clock().after(5, () => {
      throw new Error("cancelled");
    });
    timer.cancel();
    timer.cancel();
    await world.run(10);
  });

  it("fails with what an event throws, and can go on", async () => {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    clock.after(5, () => {
      throw new Error("broken");
    });
    let later = false;
    clock.after(6, () => {
      later = true;
    });
    await expect(world.run(10)).rejects.toThrow("broken");
    expect(world.elapsedMs).toBe(5);
    await world.run(1);
    expect(later).toBe(true);
  });

  it("runs until something holds, and says how long that took", async () => {
    const world = new World({ seed: 1 });
    let count = 0;
    const tick = (): void => {
      count++;
      world.clock().after(10, tick);
    };
    tick();
    expect(await world.runUntil(() => count === 4)).toBe(30);
    await expect(world.runUntil(() => false, { withinMs: 50 })).rejects.toThrow("seed 1");
    expect(world.elapsedMs).toBe(80);
  });

  it("settles a whole program that waits by its clock", async () => {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    const program = async (): Promise<string> => {
      const endsAt = clock.monotonic() + 3_600_000;
      await until(() => clock.monotonic() >= endsAt, { clock, withinMs: 4_000_000, everyMs: 1000 });
      return "an hour later";
    };
    expect(await world.settle(program(), { withinMs: 4_000_000 })).toBe("an hour later");
    await expect(world.settle(Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    await expect(world.settle(new Promise(() => {}), { withinMs: 10 })).rejects.toThrow("10");
  });

  it("refuses to be run twice at once, and a time that is no number", async () => {
    const world = new World({ seed: 1 });
    const running = world.run(10);
    await expect(world.run(10)).rejects.toThrow("running already");
    await running;
    expect(() => world.clock().after(Number.NaN, () => {})).toThrow(RangeError);
  });

  it("gives each concern a randomness of its own, decided by the seed", () => {
    const draw = (seed: number, concern: string): number =>
      new World({ seed }).random(concern).next();
    expect(draw(1, "network")).toBe(draw(1, "network"));
    expect(draw(1, "network")).not.toBe(draw(2, "network"));
    expect(draw(1, "network")).not.toBe(draw(1, "disk"));
    const world = new World({ seed: 1 });
    expect(world.random("network")).toBe(world.random("network"));
  });

  it("notices a loop that lets no time pass", { timeout: 20_000 }, async () => {
    const world = new World({ seed: 1 });
    const loop = (): void => world.clock().soon(loop);
    loop();
    await expect(world.run(1)).rejects.toThrow("time stands still");
  });
});

describe("the clock of a node", () => {
  it("may be ahead or behind, and be set", async () => {
    const world = new World({ seed: 1, startMs: 1000 });
    const [right, wrong] = [world.clock(), world.clock({ skewMs: -400 })];
    await world.run(10.5);
    expect([right.now(), wrong.now()]).toEqual([1010, 610]);
    wrong.step(5000);
    expect([wrong.now(), wrong.monotonic()]).toEqual([5610, 10.5]);
  });

  it("fires nothing while it is paused, and what was due afterwards, in order", async () => {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    const seen: string[] = [];
    clock.after(10, () => seen.push(`first at ${clock.monotonic()}`));
    clock.after(20, () => seen.push("second"));
    clock.after(25, () => seen.push("cancelled")).cancel();
    const late = clock.after(26, () => seen.push("cancelled while held"));
    clock.after(60, () => seen.push("third"));
    clock.pause();
    await world.run(50);
    expect(seen).toEqual([]);
    late.cancel();
    clock.resume();
    await world.run(50);
    expect(seen).toEqual(["first at 50", "second", "third"]);
  });

  it("keeps what was due held when it is paused again at once", async () => {
    const world = new World({ seed: 1 });
    const clock = world.clock();
    let fired = 0;
    clock.after(1, () => fired++);
    clock.pause();
    await world.run(5);
    clock.resume();
    clock.pause();
    await world.run(5);
    expect(fired).toBe(0);
    clock.resume();
    await world.run(5);
    expect(fired).toBe(1);
  });
});
