import type { Act } from "./act.ts";
import { stillKnowing } from "./expectations.ts";
import { carriedOn, droppedFor, readingsWithout, untold } from "./measures.ts";

/** A consumer reads far more slowly than the sensors send, then catches up, then leaves. */
export const slowReader: Act = {
  title: "a consumer reads far too slowly",
  needsMs: 9_000,
  optional: false,
  async play({ cluster: { supervisor, observer }, checks }) {
    const { view } = observer;
    const slow = await supervisor.start("slow-reader");
    const { peer } = slow.state;
    const before = readingsWithout(view, peer);
    await checks.within({
      name: "sensors drop the oldest readings of a reader that is too slow",
      limitMs: 8_000,
      missing: () =>
        [...droppedFor(view.present, peer)].flatMap(([name, count]) =>
          count === 0 ? [`${name} has dropped nothing`] : [],
        ),
    });
    await checks.pass(2_000);
    const after = readingsWithout(view, peer);
    checks.note({
      name: "a slow reader delays nobody else",
      ...carriedOn(before, after, checks.slack),
    });
    supervisor.hurry(slow.name);
    await checks.within({
      name: "the slow reader is told of exactly as many lost readings as were dropped",
      limitMs: 3_000,
      missing: () => untold(view.present, peer),
      detail: () => `${[...droppedFor(view.present, peer).values()].join(" + ")} readings`,
    });
    const leftAt = performance.now();
    await supervisor.leave(slow.name);
    await checks.within({
      name: "everybody hears the goodbye of a node that leaves",
      since: leftAt,
      limitMs: 2_000,
      missing: () => {
        const reason = view.nodes.get(peer)?.departed?.reason ?? "goodbye";
        const wrong = reason === "goodbye" ? [] : [`it was taken for ${reason}`];
        return [...stillKnowing(view, peer), ...wrong];
      },
    });
  },
};
