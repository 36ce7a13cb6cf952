import type { Happened } from "./fact.ts";

/** A term of a group, who led it, and from when on. */
export interface Reign {
  readonly term: number;
  /** The peer; absent where nobody is known to have led. */
  readonly leader: string | undefined;
  /** When the first node saw it, and how many saw it. */
  readonly from: number;
  readonly witnesses: number;
}

/** The leaders of a group as its members told of them, the newest term first. */
export function reignsOf(events: readonly Happened[], group: string): Reign[] {
  const reigns = new Map<
    number,
    { leader: string | undefined; from: number; witnesses: Set<string> }
  >();
  for (const { at, name, facts, peer } of events) {
    if (!name.startsWith("group.leader-") || facts["group"] !== group) continue;
    const { term, leader } = facts;
    if (typeof term !== "number") continue;
    const known = reigns.get(term) ?? { leader: undefined, from: at, witnesses: new Set() };
    if (typeof leader === "string") {
      known.leader ??= leader.split("#")[0];
      known.from = known.witnesses.size === 0 ? at : Math.min(known.from, at);
      known.witnesses.add(peer);
    }
    reigns.set(term, known);
  }
  return [...reigns]
    .map(([term, { leader, from, witnesses }]) => ({
      term,
      leader,
      from,
      witnesses: witnesses.size,
    }))
    .sort((a, b) => b.term - a.term);
}
