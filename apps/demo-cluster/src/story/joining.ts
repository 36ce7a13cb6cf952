import { type Act, notFlowing, type Stage, sinceUp, unconverged } from "./act.ts";
import { missingLinks } from "./expectations.ts";

/** All start at once; returns how long they took to find together. */
export async function join(stage: Stage): Promise<number> {
  const { view } = stage.cluster.observer;
  const members = await stage.cluster.started;
  const spawnedAt = Math.max(...members.map((member) => member.spawnedAt));
  const result = await stage.checks.within({
    name: "every catalog is complete and every expected subscription is up",
    since: Math.max(...members.map((member) => member.state.at)),
    limitMs: 3_000,
    patienceMs: 15_000,
    missing: () => unconverged(stage),
    detail: () => {
      const inAll = Math.round(performance.now() - spawnedAt);
      const what = `${view.present.length} nodes, ${view.links.length} subscriptions`;
      return `${what}, from the moment the last node was up; ${inAll} ms from the last process's start`;
    },
  });
  await stage.checks.within({
    name: "every subscription carries data",
    limitMs: 3_000,
    missing: () => missingLinks(view, { itemsMin: 1 }),
  });
  return result.ms ?? 0;
}

/** A consumer joins a cluster that has been running. */
export const newConsumer: Act = {
  title: "a new consumer joins",
  needsMs: 4_000,
  optional: false,
  async play(stage) {
    const late = await stage.cluster.supervisor.start("aggregator");
    await stage.checks.within({
      name: "a new consumer is fed by every producer",
      since: late.state.at,
      limitMs: 2_000,
      patienceMs: 10_000,
      missing: () => notFlowing(stage, "to", late.state.peer),
      detail: () => sinceUp(late),
    });
  },
};
