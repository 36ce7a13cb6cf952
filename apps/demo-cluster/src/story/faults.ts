import { type Act, livePeers, memberOf, notFlowing, sinceUp, unconverged } from "./act.ts";
import { keyOf, missingPeers, stillKnowing } from "./expectations.ts";
import { carriedOn, readingsWithout } from "./measures.ts";

/** A process is killed (SIGKILL) and started again, as a new peer of the same tags. */
export const killAndRestart: Act = {
  title: "a sensor is killed and comes back",
  needsMs: 6_000,
  optional: false,
  async play(stage) {
    const { supervisor, observer } = stage.cluster;
    const victim = memberOf(stage, "sensor-2");
    const killedAt = performance.now();
    await supervisor.kill(victim.name);
    await stage.checks.within({
      name: "everybody notices that a killed node is gone",
      since: killedAt,
      limitMs: 3_000,
      patienceMs: 20_000,
      missing: () => stillKnowing(observer.view, victim.state.peer),
      detail: () => `${victim.name}, noticed by ${observer.view.present.length} nodes`,
    });
    const again = await supervisor.start(victim.role, victim.name);
    await stage.checks.within({
      name: "its data flows again after its restart",
      since: again.state.at,
      limitMs: 2_000,
      patienceMs: 10_000,
      missing: () => notFlowing(stage, "from", again.state.peer),
      detail: () => sinceUp(again),
    });
  },
};

/** A process does not run for a while (SIGSTOP), as on a machine that is short of time. */
export const pauseAndResume: Act = {
  title: "a sensor is paused for two seconds",
  needsMs: 4_000,
  optional: true,
  async play(stage) {
    const { supervisor, observer } = stage.cluster;
    const { view } = observer;
    const { name, state } = memberOf(stage, "sensor-3");
    supervisor.pause(name);
    await stage.checks.pass(2_000);
    const before = view.links.filter((link) => link.from === state.peer);
    supervisor.resume(name);
    await stage.checks.within({
      name: "a paused node goes on over the same subscriptions",
      limitMs: 1_000,
      missing: () => {
        const now = new Map(view.links.map((link) => [keyOf(link), link.items]));
        return before
          .filter((link) => (now.get(keyOf(link)) ?? 0) <= link.items)
          .map((link) => `nothing new of ${link.stream}`);
      },
      detail: () => `${before.length} of them`,
    });
  },
};

/** The seed dies; nobody needs it but those who join. */
export const seedDies: Act = {
  title: "the seed dies and comes back",
  needsMs: 12_000,
  optional: true,
  async play(stage) {
    const { supervisor, observer } = stage.cluster;
    const { view } = observer;
    const { name, state } = memberOf(stage, "seed");
    const before = readingsWithout(view, state.peer);
    const killedAt = performance.now();
    await supervisor.kill(name);
    await stage.checks.within({
      name: "everybody notices that the seed is gone",
      since: killedAt,
      limitMs: 3_000,
      patienceMs: 20_000,
      missing: () => stillKnowing(view, state.peer),
    });
    await stage.checks.pass(2_000);
    const after = readingsWithout(view, state.peer);
    stage.checks.note({
      name: "data flows without the seed as with it",
      ...carriedOn(before, after, stage.checks.slack),
    });
    const again = await supervisor.start("seed", name);
    await stage.checks.within({
      name: "the seed is found again at its address",
      since: again.state.at,
      limitMs: 5_000,
      patienceMs: 20_000,
      missing: () => missingPeers(view, livePeers(stage)),
    });
  },
};

/** A node is cut off, both ways, and nobody tells anybody. */
export const partitionAndHeal: Act = {
  title: "an aggregator is cut off from the network",
  needsMs: 25_000,
  optional: true,
  async play(stage) {
    const { supervisor, observer } = stage.cluster;
    const { name, state } = memberOf(stage, "aggregator-2");
    supervisor.partition(name);
    await stage.checks.within({
      name: "everybody notices that a node is cut off",
      limitMs: 15_000,
      patienceMs: 20_000,
      missing: () => stillKnowing(observer.view, state.peer),
    });
    supervisor.heal(name);
    await stage.checks.within({
      name: "after the partition all find together again",
      limitMs: 10_000,
      patienceMs: 20_000,
      missing: () => unconverged(stage),
    });
  },
};
