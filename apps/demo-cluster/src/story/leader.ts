import { statusOf } from "../cluster-view.ts";
import { discrepancies } from "../ledger.ts";
import { type Act, memberOf, type Stage, sinceUp } from "./act.ts";

/** The aggregator that leads the group, by its name. */
function leaderOf({ cluster }: Stage): string | undefined {
  const { view } = cluster.observer;
  const leader = view.ledger?.status.leader;
  const member = view.ledger?.status.members.find(({ id }) => id === leader);
  return member === undefined ? undefined : view.nodes.get(member.peer)?.name;
}

/** What a member lacks to be a voter that follows and has applied all up to a position. */
function notVoting({ cluster }: Stage, peer: string, position: number): string[] {
  const { view } = cluster.observer;
  const member = view.ledger?.status.members.find((one) => one.peer === peer);
  const node = view.nodes.get(peer);
  const applied = (node && statusOf(node)?.ledger?.applied) ?? 0;
  if (member === undefined) return ["it is no member"];
  if (!member.voting) return ["it is a learner"];
  return applied >= position ? [] : [`it has applied ${applied} of ${position}`];
}

/** Compares what was acknowledged to the writers with the state that the group agrees on. */
export async function compareLedger({ cluster, checks }: Stage): Promise<void> {
  const { view, ledger } = cluster.observer;
  const acknowledged = new Map(view.acknowledged);
  const name = "no acknowledged entry of the ledger is lost, none was carried out twice";
  try {
    const { value: state } = await ledger.query("state", { consistency: "strong" });
    const wrong = discrepancies(acknowledged, state);
    const ok = state.entries > 0 && wrong.length === 0;
    const whole = `${state.entries} entries of ${acknowledged.size} writers, ${state.readings} readings`;
    checks.note({ name, ok, detail: wrong.length === 0 ? whole : wrong.join(", ") });
  } catch (error) {
    checks.note({
      name,
      ok: false,
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}

/** The leader of the aggregators' group is killed while all of them write. */
export const leaderDies: Act = {
  title: "the leader of the aggregators' group is killed under load",
  needsMs: 9_000,
  optional: false,
  async play(stage) {
    const { supervisor, observer } = stage.cluster;
    const { view } = observer;
    await stage.checks.within({
      name: "the aggregators have founded a group and write to its ledger",
      limitMs: 3_000,
      patienceMs: 15_000,
      missing: () => {
        if (leaderOf(stage) === undefined) return ["it has no leader"];
        return (view.ledger?.state.entries ?? 0) > 0 ? [] : ["nothing was written"];
      },
      detail: () => `${leaderOf(stage)} leads ${view.ledger?.status.members.length} members`,
    });
    const victim = memberOf(stage, leaderOf(stage) ?? "");
    const term = view.ledger?.status.term ?? 0;
    const killedAt = performance.now();
    await supervisor.kill(victim.name);
    let entries: number | undefined;
    await stage.checks.within({
      name: "another leads, and entries are committed again",
      since: killedAt,
      limitMs: 2_000,
      patienceMs: 15_000,
      missing: () => {
        const { status, state } = view.ledger ?? {};
        if (status === undefined || state === undefined || status.term <= term) {
          return ["nobody else leads"];
        }
        entries ??= state.entries;
        return state.entries > entries ? [] : ["nothing was committed since"];
      },
      detail: () => `${leaderOf(stage)} after ${victim.name}, of term ${view.ledger?.status.term}`,
    });
    await compareLedger(stage);
    const again = await supervisor.start(victim.role, victim.name);
    const position = view.ledger?.status.applied ?? 0;
    await stage.checks.within({
      name: "the killed member comes back as the voter it was, and catches up",
      since: again.state.at,
      limitMs: 4_000,
      patienceMs: 15_000,
      missing: () => {
        const same = again.state.peer === victim.state.peer ? [] : ["it is another peer"];
        return [...same, ...notVoting(stage, again.state.peer, position)];
      },
      detail: () => sinceUp(again),
    });
  },
};
