import { mkdtempSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Random, seededRandom } from "@mosaik/primitives";
import { createLeash } from "@mosaik/testing/processes";
import type { GroupStatus, MemberId } from "../../src/index.ts";
import { type Audit, audit } from "./audit.ts";
import { Client, pause } from "./client.ts";
import type { Act } from "./history.ts";
import type { Book } from "./ledger.ts";
import type { MemberListener, MemberProcess } from "./member-process.ts";
import { createMembers } from "./members.ts";
import { type Fault, type Faults, Nemesis } from "./nemesis.ts";

/** What a soak is to be like. */
export interface SoakOptions extends Faults {
  readonly seed: number;
  readonly clients?: number;
  /** Told of what happens. */
  readonly say?: (line: string) => void;
}

/** What came of a soak. */
export interface SoakReport extends Audit {
  readonly seconds: number;
  /** How long after a fault the first operation that was called after it was acknowledged, ms. */
  readonly recoveryMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Elections that were won. */
  readonly leaders: number;
}

/** Longer without an acknowledged operation is a failure: many times what a restart takes, ms. */
const recoveryMsMax = 60_000;

/**
 * A group of three processes with disks, under load and under faults: lets all faults happen, lets
 * the group mend, and audits what clients saw and what the members hold.
 */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const directory = mkdtempSync(join(tmpdir(), "mosaik-soak-"));
  const leash = createLeash("soak", directory);
  const run = new Soak(options, directory, leash);
  try {
    const report = await run.run();
    if (report.violations.length === 0) return report;
    await cp(directory, `${directory}-kept`, { recursive: true });
    options.say?.(`what the members left is in ${directory}-kept`);
    return report;
  } finally {
    await run.end();
    await leash.close();
  }
}

class Soak implements MemberListener {
  readonly #options: SoakOptions;
  readonly #directory: string;
  readonly #leash: ReturnType<typeof createLeash>;
  readonly #random: Random;
  readonly #members: MemberProcess[] = [];
  readonly #history: Act[] = [];
  readonly #wrong: string[] = [];
  readonly #ids = new Map<number, MemberId>();
  readonly #leaders = new Map<number, MemberId>();
  /** When the earliest call of those was made that were acknowledged last, by the call. */
  #lastCalledAt = 0;
  readonly #recoveries: number[] = [];

  constructor(options: SoakOptions, directory: string, leash: ReturnType<typeof createLeash>) {
    this.#options = options;
    this.#directory = directory;
    this.#leash = leash;
    this.#random = seededRandom(options.seed);
  }

  async run(): Promise<SoakReport> {
    const began = performance.now();
    await this.#start();
    const clients = this.#clients();
    const work = Promise.all(clients.map((client) => client.run()));
    await this.#works(performance.now());
    await this.#strikes();
    for (const client of clients) client.end();
    await work;
    const found = audit(this.#history, await this.#books());
    const violations = [...this.#wrong, ...found.violations];
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const recoveryMs = quantiles(this.#recoveries);
    return { ...found, violations, seconds, recoveryMs, leaders: this.#leaders.size };
  }

  /** Ends all processes. */
  async end(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.kill()));
  }

  joined({ number }: MemberProcess, me: MemberId): void {
    const before = this.#ids.get(number);
    this.#ids.set(number, me);
    if (before !== undefined && before !== me) this.#fault(`${before} came back as ${me}`);
  }

  status({ number }: MemberProcess, { state, reason, role, term, alarms }: GroupStatus): void {
    for (const alarm of alarms) this.#fault(`member ${number} accuses another: ${alarm.reason}`);
    if (state === "halted") this.#fault(`member ${number} halted: ${reason}`);
    const me = this.#ids.get(number);
    if (role !== "leader" || me === undefined) return;
    const other = this.#leaders.get(term);
    if (other !== undefined && other !== me) this.#fault(`${me} and ${other} lead term ${term}`);
    this.#leaders.set(term, me);
  }

  died({ number }: MemberProcess, how: string): void {
    this.#fault(`member ${number} ended by itself: ${how}`);
  }

  #fault(what: string): void {
    this.#wrong.push(what);
    this.#options.say?.(`WRONG: ${what}`);
  }

  async #start(): Promise<void> {
    this.#members.push(...(await createMembers(this.#directory, this.#leash, this)));
    for (const member of this.#members) member.start();
  }

  #clients(): Client[] {
    const { clients = 6 } = this.#options;
    return Array.from({ length: clients }, (_, at) => {
      const random = seededRandom(this.#options.seed * 1_000 + at + 1);
      const note = (act: Act): void => {
        this.#history.push(act);
        if (act.outcome.kind !== "acknowledged") return;
        this.#lastCalledAt = Math.max(this.#lastCalledAt, act.calledAt);
      };
      const wrong = (what: string): void => this.#fault(what);
      return new Client({ number: at + 1, members: this.#members, random, note, wrong });
    });
  }

  async #strikes(): Promise<void> {
    const nemesis = new Nemesis(this.#members, this.#random);
    const plan = nemesis.plan(this.#options);
    for (const [number, fault] of plan.entries()) {
      await nemesis.quiet();
      const at = performance.now();
      await nemesis.strike(fault);
      const patience = number === plan.length - 1 ? "whole" : nemesis.patience;
      if (patience !== "none") await this.#recovers(at, fault);
      if (patience === "whole") await this.#whole();
      if ((number + 1) % 10 === 0) this.#tell(number + 1, plan.length);
    }
    await nemesis.mended();
  }

  async #recovers(at: number, fault: Fault): Promise<void> {
    const worked = await this.#works(at);
    if (worked) this.#recoveries.push(performance.now() - at);
    else this.#fault(`after one of the ${fault} nothing works for ${recoveryMsMax} ms`);
  }

  /** Waits until every member takes part again. */
  async #whole(): Promise<void> {
    const isIn = ({ status, isStopped }: MemberProcess): boolean =>
      status?.online === true && !isStopped;
    const until = performance.now() + recoveryMsMax;
    while (!this.#members.every(isIn)) {
      if (performance.now() > until) return this.#fault("a member does not come back");
      await pause(5);
    }
  }

  /** Whether an operation that is called after a moment is acknowledged, in time. */
  async #works(after: number): Promise<boolean> {
    const until = performance.now() + recoveryMsMax;
    while (this.#lastCalledAt <= after) {
      if (performance.now() > until) return false;
      await pause(5);
    }
    return true;
  }

  #tell(done: number, of: number): void {
    const { length } = this.#history;
    this.#options.say?.(`${done} of ${of} faults, ${length} operations`);
  }

  async #books(): Promise<Book[]> {
    return Promise.all(this.#members.map((member) => this.#bookOf(member)));
  }

  async #bookOf(member: MemberProcess): Promise<Book> {
    const until = performance.now() + recoveryMsMax;
    for (;;) {
      const reply = await member.ask({ kind: "book" });
      if (reply.kind === "answer" && typeof reply.value === "object") return reply.value;
      if (performance.now() > until) break;
      await pause(50);
    }
    this.#fault(`member ${member.number} does not come back`);
    return { operations: [], registers: [] };
  }
}

function quantiles(values: readonly number[]): SoakReport["recoveryMs"] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
