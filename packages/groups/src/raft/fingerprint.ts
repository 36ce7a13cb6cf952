import type { Core } from "./core.ts";

/**
 * A text that is equal for members in the same state, time and randomness left aside: what the
 * exhaustive checker tells states apart by.
 */
export function fingerprint(core: Core): string {
  const { role, log, durability } = core;
  const entries: string[] = [];
  for (let index = log.baseIndex; index <= log.lastIndex; index++) {
    const entry = log.at(index);
    const voters = entry?.configuration?.members.map(
      ({ id, voting }) => `${id}${voting ? "!" : ""}`,
    );
    entries.push(`${log.termAt(index)}${voters ? `(${voters})` : ""}${entry?.data.length ?? ""}`);
  }
  const facts: unknown[] = [
    core.term,
    core.vote,
    core.commit,
    core.leader,
    log.baseIndex,
    entries,
    durability.durableIndex,
    durability.describe(),
  ];
  if (role.state === "candidate") {
    facts.push("candidate", role.pre, role.ownCounted, [...role.granted].sort(), role.denied.size);
  } else if (role.state === "leader") {
    facts.push("leader", role.firstIndex, role.round, role.readsInRound, role.readsWaiting);
    for (const [
      id,
      { state, match, next, probing, round, toldCommit, inflight },
    ] of role.progress) {
      facts.push(id, state, match, next, probing, round, toldCommit, inflight);
    }
  }
  return JSON.stringify(facts);
}
