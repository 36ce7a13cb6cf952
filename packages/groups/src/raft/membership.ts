import { invariant } from "@mosaik/primitives";
import {
  type Configuration,
  findMember,
  type Member,
  type MemberId,
  sameConfiguration,
} from "./member.ts";
import type { VoterSets } from "./quorum.ts";

interface Step {
  readonly index: number;
  readonly configuration: Configuration;
}

const nobody: Configuration = { members: [] };

/**
 * Who belongs, as the log says: the latest configuration in it, committed or not (R1), and the ones
 * before it that a truncation may bring back.
 *
 * 1. Steps are in order of their index; the first is the base (snapshot or genesis).
 * 2. A leader decides a change, and what follows it, by majorities of both the old and the new voters
 *    (R2). Where one of the two is silent the other goes on alone: the new ones by deciding the change,
 *    the old ones by a *return*, an entry with the old configuration, which they decide.
 * 3. While a member does not know a change to be decided, a majority of either elects it, keeps it
 *    leading and confirms its reads, of those voters that it is one of itself. That is safe because the
 *    two sets differ in one voter: any majority of one meets any majority of the other, whoever uses
 *    which, whether or not the change was decided and nobody left knows.
 * 4. It would not be with a third set of voters. So before the voters change again, the last change is
 *    *confirmed*: another entry with the same voters, made once the change is known to be decided, is
 *    committed. Who has it counts the new voters only; who does not has a log too short to be elected
 *    by the old ones, since each majority of them has a member with the longer log.
 */
export class Membership {
  #steps: Step[] = [{ index: 0, configuration: nobody }];
  #sets: VoterSets = [[]];
  #isSettled = true;
  #undone: number | undefined;
  #witnesses: ReadonlySet<MemberId> = new Set();

  /** The latest configuration in the log. */
  get latest(): Configuration {
    return this.#last.configuration;
  }

  /** The index of its entry. */
  get latestIndex(): number {
    return this.#last.index;
  }

  get #last(): Step {
    const last = this.#steps.at(-1);
    invariant(last !== undefined, "there is always a configuration");
    return last;
  }

  /** The configuration before the latest, while that one is not committed. */
  previous(commit: number): Configuration | undefined {
    return this.latestIndex > commit ? this.#steps.at(-2)?.configuration : undefined;
  }

  /** The configuration in force at a position. */
  at(index: number): Step {
    let found = this.#steps[0] ?? this.#last;
    for (const step of this.#steps) if (step.index <= index) found = step;
    return found;
  }

  /** The sets of voters in use, given what is known to be committed: the new ones first. */
  voterSets(commit: number): VoterSets {
    this.#settle(commit);
    return this.#sets;
  }

  /** The index of the change that the latest entry undoes: it is decided only together with that. */
  undone(commit: number): number | undefined {
    this.#settle(commit);
    return this.#undone;
  }

  /** The witnesses among the voters, before and after a change. */
  get witnesses(): ReadonlySet<MemberId> {
    return this.#witnesses;
  }

  /** Whether the latest change of the voters is known, from the log alone, to be decided. */
  get isConfirmed(): boolean {
    const before = this.#steps.at(-2);
    if (this.latestIndex <= 1) return true;
    return before !== undefined && haveSameVoters(before.configuration, this.latest);
  }

  /** Notes a configuration entry. */
  push(index: number, configuration: Configuration): void {
    invariant(index > this.latestIndex, "configurations follow each other");
    this.#steps.push({ index, configuration });
    this.#rebuild(false);
  }

  /** Forgets configurations from an index on, as the log does. */
  truncateFrom(index: number): void {
    while (this.#steps.length > 1 && this.latestIndex >= index) this.#steps.pop();
    this.#rebuild(false);
  }

  /** Keeps only what is in force at an index and what follows. */
  compactTo(index: number): void {
    const kept = this.at(index).index;
    this.#steps = this.#steps.filter((step) => step.index >= kept);
    this.#rebuild(false);
  }

  /** Starts over. */
  reset(index: number, configuration: Configuration): void {
    this.#steps = [{ index, configuration }];
    this.#rebuild(true);
  }

  /** The member of an id in the latest configuration. */
  find(id: MemberId): Member | undefined {
    return findMember(this.latest, id);
  }

  #settle(commit: number): void {
    const isSettled = this.latestIndex <= commit;
    if (isSettled !== this.#isSettled) this.#rebuild(isSettled);
  }

  #rebuild(isSettled: boolean): void {
    this.#isSettled = isSettled;
    const [first, before] = [this.#steps.at(-3), this.#steps.at(-2)];
    const latest = votersOf(this.latest);
    const known = [...(before?.configuration.members ?? []), ...this.latest.members];
    this.#witnesses = new Set(known.filter(({ kind }) => kind === "witness").map(({ id }) => id));
    this.#undone = undefined;
    this.#sets = [latest];
    if (isSettled || !before || haveSameVoters(before.configuration, this.latest)) return;
    if (first && haveSameVoters(first.configuration, this.latest)) this.#undone = before.index;
    else this.#sets = [latest, votersOf(before.configuration)];
  }
}

/** The voters of a configuration. */
export function votersOf(config: Configuration): MemberId[] {
  return config.members.filter((member) => member.voting).map((member) => member.id);
}

/** How many voters two configurations do not share. One at a time may change. */
export function votersChanged(a: Configuration, b: Configuration): number {
  const [before, after] = [new Set(votersOf(a)), new Set(votersOf(b))];
  let changed = 0;
  for (const voter of before) if (!after.has(voter)) changed++;
  for (const voter of after) if (!before.has(voter)) changed++;
  return changed;
}

/** Whether two configurations have the same voters. */
export function haveSameVoters(a: Configuration, b: Configuration): boolean {
  return votersChanged(a, b) === 0;
}

/** Whether a leader may put `next` after `current`: at most one voter differs, the floor is kept. */
export function isLegalChange(
  current: Configuration,
  next: Configuration,
  minVoters: number,
): boolean {
  if (sameConfiguration(current, next) || votersChanged(current, next) > 1) return false;
  const [before, after] = [votersOf(current).length, votersOf(next).length];
  return after > 0 && (after >= before || after >= minVoters);
}
