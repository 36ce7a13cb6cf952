import type { Mutant } from "./mutant.ts";
import { Simulation } from "./simulation.ts";

/** What it took to find an injected bug. */
export interface Kill {
  readonly name: string;
  readonly bug: string;
  readonly killed: boolean;
  /** Runs until it was found. */
  readonly seeds: number;
  readonly violation: string | undefined;
}

/** A run as with an injected bug, but without the bug. */
export function healthy(mutant: Mutant): Mutant {
  const { name, bug, swarm } = mutant;
  return { name, bug, ...(swarm ? { swarm } : {}) };
}

/** Looks for an injected bug: found where a run breaks a rule that the same run without it keeps. */
export function hunt(mutant: Mutant, seedsMax: number): Kill {
  const { name, bug } = mutant;
  for (let seed = 1; seed <= seedsMax; seed++) {
    const { violation } = new Simulation({ seed, mutant }).run();
    if (violation === undefined) continue;
    const control = new Simulation({ seed, mutant: healthy(mutant) }).run();
    if (control.violation !== undefined) {
      return { name, bug, killed: false, seeds: seed, violation: `healthy: ${control.violation}` };
    }
    return { name, bug, killed: true, seeds: seed, violation };
  }
  return { name, bug, killed: false, seeds: seedsMax, violation: undefined };
}
