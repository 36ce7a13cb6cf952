import type { ClusterView } from "../cluster-view.ts";

/** The outcome of one check. */
export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  /** How long it took until it held, and how long it may take. */
  readonly ms?: number;
  readonly limitMs?: number;
  /** What was measured, or what was missing. */
  readonly detail?: string;
}

/** What checks are made with. */
export interface ChecksInit {
  readonly view: ClusterView;
  /** Told each outcome. */
  readonly tell: (result: CheckResult) => void;
  /** Ends the waiting when it aborts. */
  readonly signal: AbortSignal;
  /** Default: 1. */
  readonly slack?: number;
}

/** Collects checks and their outcomes. */
export class Checks {
  /** Every time limit is multiplied by this: more than 1 on a machine that has other work. */
  readonly slack: number;
  readonly #init: ChecksInit;
  readonly #results: CheckResult[] = [];

  constructor(init: ChecksInit) {
    this.slack = init.slack ?? 1;
    this.#init = init;
  }

  /** The outcomes so far. */
  get results(): readonly CheckResult[] {
    return this.#results;
  }

  /** Notes the outcome of a check. */
  note(result: CheckResult): void {
    this.#results.push(result);
    this.#init.tell(result);
  }

  /**
   * Checks that something comes to hold within a time. `missing` lists what is missing, and is
   * asked after every change of the view. Resolves with the outcome once it holds; where it does
   * not, after `patienceMs` at most, so that a late success is told apart from a failure.
   *
   * @throws the reason of the signal when that aborts.
   */
  async within(init: {
    readonly name: string;
    readonly limitMs: number;
    /** From when on it is measured, of `performance.now()`. Default: now. */
    readonly since?: number;
    readonly patienceMs?: number;
    readonly missing: () => readonly string[];
    readonly detail?: () => string;
  }): Promise<CheckResult> {
    const { name, missing, since = performance.now() } = init;
    const limitMs = init.limitMs * this.slack;
    const late = since + Math.max(limitMs, init.patienceMs ?? 2 * limitMs);
    const held = await this.#until(() => missing().length === 0, late);
    const ms = Math.round(performance.now() - since);
    const result: CheckResult = held
      ? { name, ok: ms <= limitMs, ms, limitMs, ...detailOf(init.detail?.()) }
      : { name, ok: false, ms, limitMs, detail: some(missing()) };
    this.note(result);
    return result;
  }

  /**
   * Lets time go by.
   *
   * @throws the reason of the signal when that aborts.
   */
  async pass(ms: number): Promise<void> {
    await this.#until(() => false, performance.now() + ms);
  }

  /** Whether something came to hold before a moment. */
  #until(holds: () => boolean, moment: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        subscription[Symbol.dispose]();
        this.#init.signal.removeEventListener("abort", abort);
        act();
      };
      const abort = (): void => settle(() => reject(this.#init.signal.reason));
      const look = (): void => {
        if (holds()) settle(() => resolve(true));
      };
      const timer = setTimeout(
        () => settle(() => resolve(holds())),
        Math.max(0, moment - performance.now()),
      );
      const subscription = this.#init.view.changes.subscribe(look);
      this.#init.signal.addEventListener("abort", abort, { once: true });
      if (this.#init.signal.aborted) abort();
      else look();
    });
  }
}

function detailOf(detail: string | undefined): { readonly detail?: string } {
  return detail === undefined ? {} : { detail };
}

/** The first of some complaints, and how many more there are. */
function some(complaints: readonly string[]): string {
  const [first = "it held too late", ...others] = complaints;
  return others.length === 0 ? first : `${first}, and ${others.length} more`;
}
