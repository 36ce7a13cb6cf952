import { statusOf } from "../cluster-view.ts";
import { type Act, type Stage, sinceUp } from "./act.ts";

/** What a node's copy of the newest summaries lacks to be what the dashboard had at that version. */
export function notTheSame({ cluster }: Stage, peer: string): string[] {
  const { view } = cluster.observer;
  const node = view.nodes.get(peer);
  const latest = node && statusOf(node)?.latest;
  if (latest === undefined || latest.version === 0) return ["it has nothing yet"];
  const here = view.shares.get(latest.version);
  if (here === undefined) return [`version ${latest.version} is not here yet`];
  return here.hash === latest.hash ? [] : [`at version ${latest.version} its state is another`];
}

/** A reader joins late, and has the whole of what was agreed on before. */
export const lateReader: Act = {
  title: "a reader joins late",
  needsMs: 4_000,
  optional: false,
  async play(stage) {
    const late = await stage.cluster.supervisor.start("recorder");
    await stage.checks.within({
      name: "a late reader has the same newest summaries as everybody, by their hash",
      since: late.state.at,
      limitMs: 3_000,
      patienceMs: 15_000,
      missing: () => notTheSame(stage, late.state.peer),
      detail: () => {
        const { view } = stage.cluster.observer;
        const node = view.nodes.get(late.state.peer);
        const { version, size, hash } = (node && statusOf(node)?.latest) ?? {};
        return `${size} of them, version ${version}, ${hash}; ${sinceUp(late)}`;
      },
    });
  },
};
