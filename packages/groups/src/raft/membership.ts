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
 * 2. While the latest step is not known to be committed, the one before it must agree too (R2).
 */
export class Membership {
  #steps: Step[] = [{ index: 0, configuration: nobody }];
  #sets: VoterSets = [[]];
  #setsJoint = false;

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

  /** What must agree, given what is known to be committed. */
  voterSets(commit: number): VoterSets {
    const joint = this.previous(commit) !== undefined;
    if (joint !== this.#setsJoint) this.#rebuild(joint);
    return this.#sets;
  }

  /** Notes a configuration entry. */
  push(index: number, configuration: Configuration): void {
    invariant(index > this.latestIndex, "configurations follow each other");
    this.#steps.push({ index, configuration });
    this.#rebuild(true);
  }

  /** Forgets configurations from an index on, as the log does. */
  truncateFrom(index: number): void {
    while (this.#steps.length > 1 && this.latestIndex >= index) this.#steps.pop();
    this.#rebuild(true);
  }

  /** Keeps only what is in force at an index and what follows. */
  compactTo(index: number): void {
    const kept = this.at(index).index;
    this.#steps = this.#steps.filter((step) => step.index >= kept);
    this.#rebuild(true);
  }

  /** Starts over. */
  reset(index: number, configuration: Configuration): void {
    this.#steps = [{ index, configuration }];
    this.#rebuild(false);
  }

  /** The member of an id in the latest configuration. */
  find(id: MemberId): Member | undefined {
    return findMember(this.latest, id);
  }

  #rebuild(joint: boolean): void {
    const latest = votersOf(this.latest);
    const before = joint ? this.#steps.at(-2) : undefined;
    this.#setsJoint = joint;
    this.#sets = before === undefined ? [latest] : [latest, votersOf(before.configuration)];
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
