import { describe, expect, test } from "vitest";
import { runCampaign } from "./campaign.ts";
import { hunt } from "./hunt.ts";
import { mutants } from "./mutants.ts";
import { regressions } from "./regressions.ts";
import { shrink } from "./shrink.ts";
import { Simulation } from "./simulation.ts";
import { storyOf } from "./story.ts";

const named = (name: string) => {
  const mutant = mutants.find((one) => one.name === name);
  if (!mutant) throw new RangeError(`no injected bug is called ${name}`);
  return mutant;
};

describe("a simulated group", () => {
  test.each(regressions.map((plan) => [JSON.stringify(plan), plan] as const))(
    "keeps every rule in %s, which once broke one",
    (_text, plan) => {
      expect(new Simulation(plan).run().violation).toBeUndefined();
    },
  );

  test("keeps every rule on the first seeds", () => {
    const { findings } = runCampaign({ from: 1, seeds: 12, nowMs: () => 0 });
    expect(findings).toEqual([]);
  }, 60_000);

  test("repeats a seed event by event", () => {
    const once = new Simulation({ seed: 5 }).run();
    const again = new Simulation({ seed: 5 }).run();
    expect(again.traceHash).toBe(once.traceHash);
    expect(again.events).toBe(once.events);
    expect(new Simulation({ seed: 6 }).run().traceHash).not.toBe(once.traceHash);
  }, 30_000);

  test("hands a node what came during a pause in order, also where another pause is cut short", () => {
    const simulation = new Simulation({ seed: 1, without: [] });
    simulation.run();
    const host = simulation.hosts[0];
    if (!host) throw new Error("a run has nodes");
    const order: number[] = [];
    simulation.pause(host, 500);
    simulation.pause(host, 100);
    expect(host.pausedUntilMs).toBe(simulation.nowMs + 500);
    for (const call of [() => order.push(1), () => order.push(2)]) {
      host.inbox.push({ kind: "call", atMs: 0, order: 0, to: 0, run: host.run, call });
    }
    simulation.resume(host);
    expect(order).toEqual([1, 2]);
    expect(host.pausedUntilMs).toBe(0);
  });

  test.each(["2", "3", "6", "7", "8", "20"])("finds injected bug %s", (name) => {
    expect(hunt(named(name), 30).killed).toBe(true);
  });

  test("makes a failing run smaller, which fails alike each time, and tells its story", () => {
    const mutant = named("3");
    const { seeds: seed } = hunt(mutant, 30);
    const found = new Simulation({ seed, mutant }).run();
    const { plan, result } = shrink({ seed }, found, mutant);
    expect(result.strikes.length).toBeLessThan(found.strikes.length);
    expect(new Simulation({ ...plan, mutant }).run()).toEqual(result);
    expect(storyOf(plan, mutant).join("\n")).toContain(`for regressions.ts: {"seed":${seed}`);
  }, 30_000);
});
