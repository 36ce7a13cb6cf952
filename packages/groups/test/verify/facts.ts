/** A position, the terms of its entry and of the leader who decided it, and who voted there. */
export type Decided = readonly [
  index: number,
  term: number,
  inTerm: number,
  voters: readonly number[],
];

/** What the rules that hold between members look at. */
export interface Facts {
  /** The term it leads, 0 where it leads none, and all that it ever led. */
  readonly leads: number;
  readonly led: readonly number[];
  /** Its log from the position after `base` on: term and content of each entry. */
  readonly base: number;
  readonly log: readonly (readonly [term: number, content: string])[];
  /** All that it ever applied, from position 1 on; without content at a witness. */
  readonly applied: readonly string[];
  /** What it decided as a leader. */
  readonly decided: readonly Decided[];
  /** The positions of what it acknowledged. */
  readonly acknowledged: readonly Decided[];
  /** Up to where a snapshot covers its disk, and the terms of what follows there. */
  readonly covered: number;
  readonly durable: readonly number[];
}

/** Why two members cannot be so at the same time, if so. */
export function conflictOf(a: Facts, b: Facts): string | undefined {
  return (
    electionConflict(a, b) ??
    logConflict(a, b) ??
    appliedConflict(a, b) ??
    incomplete(a, b) ??
    incomplete(b, a)
  );
}

function electionConflict(a: Facts, b: Facts): string | undefined {
  const term = a.led.find((one) => b.led.includes(one));
  return term === undefined ? undefined : `election safety: two lead term ${term}`;
}

function logConflict(a: Facts, b: Facts): string | undefined {
  const first = Math.max(a.base, b.base) + 1;
  const last = Math.min(a.base + a.log.length, b.base + b.log.length);
  let agreed = false;
  for (let index = last; index >= first; index--) {
    const [one, other] = [a.log[index - a.base - 1], b.log[index - b.base - 1]];
    if (!one || !other) continue;
    const isSame = one[0] === other[0];
    if (!isSame && agreed) return `log matching: terms differ at ${index}`;
    if (isSame && one[1] !== other[1] && one[1] !== unseen && other[1] !== unseen) {
      return `log matching: two entries ${index} of term ${one[0]}`;
    }
    agreed ||= isSame;
  }
  return undefined;
}

/** The content of an entry at a member that keeps none. */
export const unseen = "*";

function appliedConflict(a: Facts, b: Facts): string | undefined {
  const length = Math.min(a.applied.length, b.applied.length);
  for (let at = 0; at < length; at++) {
    if (!isSameApplied(a.applied[at] ?? "", b.applied[at] ?? "")) {
      return `state machine safety: ${a.applied[at]} and ${b.applied[at]} are applied at ${at + 1}`;
    }
  }
  return undefined;
}

/** Whether two may be the same applied entry, as far as a witness can tell. */
export function isSameApplied(a: string, b: string): boolean {
  if (a === b) return true;
  const [term = "", content] = a.split(" ");
  const [otherTerm, otherContent] = b.split(" ");
  return term === otherTerm && (content === unseen || otherContent === unseen);
}

function incomplete(leader: Facts, other: Facts): string | undefined {
  if (leader.leads === 0) return undefined;
  for (const [index, term, inTerm] of other.decided) {
    if (inTerm >= leader.leads || index <= leader.base) continue;
    if (leader.log[index - leader.base - 1]?.[0] !== term) {
      return `leader completeness: the leader of term ${leader.leads} lacks ${index}, decided in term ${inTerm}`;
    }
  }
  return undefined;
}

/** What was decided and is not durable on a majority of those who voted there, if so. */
export function undurable(all: readonly Facts[]): string | undefined {
  for (const { decided, acknowledged } of all) {
    for (const [index, term, , voters] of [...decided, ...acknowledged]) {
      const holders = voters.filter((at) => holds(all[at], index, term)).length;
      if (holders * 2 > voters.length) continue;
      return `durability: ${index} is decided, and durable on ${holders} of ${voters.length}`;
    }
  }
  return undefined;
}

function holds(facts: Facts | undefined, index: number, term: number): boolean {
  if (!facts) return false;
  return index <= facts.covered || facts.durable[index - facts.covered - 1] === term;
}

/** Whether a log has a configuration twice, with another between. */
export function takesBack({ log }: Facts): boolean {
  const all = log.map(([, content]) => content).filter((one) => one.startsWith("configuration"));
  return all.some((one, at) => at > 1 && one === all[at - 2] && one !== all[at - 1]);
}
