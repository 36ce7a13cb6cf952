import { invariant } from "@mosaik/primitives";
import type { Core } from "./core.ts";

/** What a member was after its last step: none of it ever goes back. */
export interface Watermark {
  instance: string;
  term: number;
  commit: number;
  handed: number;
}

/** The rules that cost next to nothing to check: after every step, in production too. */
export function checkStep(core: Core, before: Watermark): void {
  const { log, role } = core;
  if (before.instance === core.instance) {
    invariant(core.term >= before.term, "a term never falls");
    invariant(core.commit >= before.commit, "a commit index never falls");
    invariant(core.handed >= before.handed, "an entry is applied once");
  }
  invariant(core.commit <= log.lastIndex, "what is committed is in the log");
  invariant(core.handed <= core.commit, "only what is committed is applied");
  invariant(log.baseIndex <= core.commit, "only what is committed is covered by a snapshot");
  invariant(core.durability.durableIndex <= log.lastIndex, "what is durable is in the log");
  invariant(log.lastTerm <= core.term, "no entry is later than the term");
  if (role.state === "leader") {
    invariant(core.vote === core.id, "a leader voted for itself");
    invariant(core.leader === core.id, "a leader knows that it leads");
    invariant(role.firstIndex <= log.lastIndex, "a leader keeps the entry it began with");
  }
  before.instance = core.instance;
  before.term = core.term;
  before.commit = core.commit;
  before.handed = core.handed;
}

/** The rules that cost a walk through the log: for tests and simulation. */
export function checkWhole(core: Core): void {
  const { log, membership, role } = core;
  let term = log.termAt(log.baseIndex) ?? 0;
  let latest = membership.at(log.baseIndex).index;
  for (let index = log.baseIndex + 1; index <= log.lastIndex; index++) {
    const entry = log.at(index);
    invariant(entry?.index === index && entry.term >= term, "a log is contiguous, its terms rise");
    term = entry.term;
    if (!entry.configuration) continue;
    latest = index;
    invariant(membership.at(index).index === index, "every configuration of the log is known");
  }
  invariant(membership.latestIndex === latest, "the latest configuration is the log's");
  if (role.state !== "leader") return;
  for (const [id, progress] of role.progress) {
    invariant(progress.match < progress.next, `what ${id} has is not sent again`);
    invariant(progress.match <= log.lastIndex, `${id} has no more than its leader`);
  }
}
