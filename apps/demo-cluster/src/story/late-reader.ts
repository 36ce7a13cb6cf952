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

/** What a node's view lacks to be what the dashboard, which folds nothing, had at that version. */
function notTheSameView({ cluster }: Stage, peer: string): string[] {
  const { view } = cluster.observer;
  const node = view.nodes.get(peer);
  const totals = node && statusOf(node)?.totals;
  if (totals === undefined || totals.size === 0) return ["it has folded nothing yet"];
  const here = view.totals.get(totals.version);
  if (here === undefined) return [`what it folded is not here yet: ${totals.version}`];
  return here.hash === totals.hash ? [] : ["of the same summaries it made another state"];
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
    await stage.checks.within({
      name: "its view of all summaries has the same hash as that of nodes that were there before",
      since: late.state.at,
      limitMs: 5_000,
      patienceMs: 15_000,
      missing: () => notTheSameView(stage, late.state.peer),
      detail: () => {
        const node = stage.cluster.observer.view.nodes.get(late.state.peer);
        const { size, hash } = (node && statusOf(node)?.totals) ?? {};
        return `${size} entries, ${hash}`;
      },
    });
  },
};
