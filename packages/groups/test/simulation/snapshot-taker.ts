import type { Effects } from "../../src/raft/effects.ts";
import { type Entry, entryBytes, type SnapshotMeta } from "../../src/raft/entry.ts";
import type { Host } from "./host.ts";
import type { Machine } from "./machine.ts";
import type { Simulation } from "./simulation.ts";
import { Violation } from "./violation.ts";

/** Takes the snapshots of a node in one run of it, one at a time; some fail. */
export class SnapshotTaker {
  readonly #sim: Simulation;
  readonly #host: Host;
  readonly #account = new Account();
  #isSaving = false;

  constructor(sim: Simulation, host: Host) {
    this.#sim = sim;
    this.#host = host;
  }

  /** Entries were handed on, and a snapshot is wanted on the way or not. */
  handed({ apply, snapshot }: Effects): void {
    const { snapshotEntries } = this.#sim.swarm.limits;
    const isPassedOver = this.#account.handed(apply, snapshotEntries, snapshot?.index);
    if (isPassedOver) this.#sim.goals.add("snapshot passed over");
  }

  /** Takes one of the machine as it is. */
  take(meta: SnapshotMeta): void {
    if (this.#isSaving) return;
    this.#isSaving = true;
    const sim = this.#sim;
    const { number, run, machine } = this.#host;
    const { ballastBytes, missRate, fsyncMs } = sim.swarm;
    const state = machine.copy();
    const isMissed = missRate > 0 && sim.random("snapshots").next() < missRate;
    const call = (): void => {
      this.#isSaving = false;
      if (isMissed) this.#miss();
      else this.#save(meta, state, ballastBytes + state.bytes);
    };
    sim.at(fsyncMs * 5, { kind: "call", to: number, run, call });
  }

  #miss(): void {
    this.#sim.goals.add("snapshot missed");
    this.#host.command({ kind: "snapshot-missed" });
  }

  #save(meta: SnapshotMeta, state: Machine, bytes: number): void {
    if (!this.#host.disk.save(meta, state)) return;
    this.#account.saved(bytes);
    this.#host.command({ kind: "snapshot-saved", meta, bytes });
  }
}

/**
 * What a node's snapshots write, beside what its log does, in one run of it: at most four times as much,
 * the sizes being those of the ones before. Twice that is allowed, as the first one after a change of
 * pace may come early; and the first ones of a run, of whose size nothing is known.
 */
class Account {
  #logBytes = 0;
  #written = 0;
  #largest = 0;

  /** Entries were handed on; whether a snapshot might have been taken on the way, and was not wanted. */
  handed(entries: readonly Entry[], every: number, wantedAt: number | undefined): boolean {
    for (const entry of entries) this.#logBytes += entryBytes(entry);
    if (wantedAt !== undefined && wantedAt % every !== 0) {
      throw new Violation(`a snapshot is wanted at ${wantedAt}, which is no multiple of ${every}`);
    }
    return wantedAt === undefined && entries.some(({ index }) => index % every === 0);
  }

  /** A snapshot was written. */
  saved(bytes: number): void {
    this.#written += bytes;
    this.#largest = Math.max(this.#largest, bytes);
    const most = 8 * this.#logBytes + 4 * this.#largest;
    if (this.#written <= most) return;
    throw new Violation(`snapshots of ${this.#written} bytes for ${this.#logBytes} of log`);
  }
}
