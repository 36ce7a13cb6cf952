import type { BenchOptions } from "./options.ts";
import type { CallTable } from "./processes/calls.ts";
import { Child, killChildren } from "./processes/child.ts";
import { endWithSignals } from "./processes/signals.ts";
import { selectNamed } from "./select.ts";

/** What was measured, by name, with the unit in the name. */
export type Figures = Readonly<Record<string, number>>;

/** What a case measured. */
export interface Outcome {
  readonly case: string;
  readonly figures: Figures;
}

/** A case of a bench of ours alone. */
export interface BenchCase {
  readonly name: string;
  readonly run: (options: BenchOptions, seats: Seats) => Promise<Figures>;
}

/** The processes of a case, which end with it. */
export class Seats {
  readonly #profile: string | undefined;
  readonly #started: { stop(): Promise<void> }[] = [];

  constructor(profile: string | undefined) {
    this.#profile = profile;
  }

  /** Starts a process that runs a module. */
  start<Table extends CallTable<Table>>(program: URL, role: string): Child<Table> {
    const child = new Child<Table>({ program, side: "ours", role, profile: this.#profile });
    this.#started.push(child);
    return child;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((child) => child.stop()));
    killChildren();
  }
}

/**
 * Measures the chosen cases, one after the other. Returns `false` where one of them failed; why is on
 * stderr.
 *
 * @throws `RangeError` where there is no such case.
 */
export async function runCases(
  all: readonly BenchCase[],
  options: BenchOptions,
  onOutcome: (outcome: Outcome) => void,
): Promise<boolean> {
  endWithSignals();
  let allWell = true;
  for (const { name, run } of selectNamed(all, options.cases)) {
    const seats = new Seats(options.profile);
    try {
      onOutcome({ case: name, figures: await run(options, seats) });
    } catch (error) {
      console.error(`${name} failed:`, error);
      allWell = false;
    } finally {
      await seats.stop();
    }
  }
  return allWell;
}
