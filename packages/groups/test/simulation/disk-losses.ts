import type { Configuration, MemberId } from "../../src/raft/member.ts";
import { votersOf } from "../../src/raft/membership.ts";
import type { Mirror } from "./checkers.ts";
import type { Host } from "./host.ts";
import type { Simulation } from "./simulation.ts";

/** A configuration at a place in the log. */
interface Change {
  readonly index: number;
  readonly term: number;
  readonly configuration: Configuration;
}

/**
 * Which disks may go: nothing acknowledged may be lost, and the group must go on, as long as more than
 * half of the voters of the configuration that is committed keep theirs; a witness keeps no data and
 * does not count. So any disk may go that leaves such a majority, also in the middle of a change: as
 * long as the change cannot be committed by confirmations of members whose disks are gone by then.
 * With a witness, also one that leaves a majority together with it, while everybody keeps up.
 */
export class DiskLosses {
  readonly #sim: Simulation;
  /** Members whose disk is gone, with what their logs were. */
  readonly #lost = new Map<MemberId, Mirror>();

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  /** Notes that a disk goes. */
  note(host: Host): void {
    this.#lost.set(host.id, host.mirror);
  }

  /** Whether a node's disk may go. */
  isBearable(host: Host): boolean {
    const { committedConfiguration: committed } = this.#sim.checkers;
    if (committed && !this.#survives(committed.configuration, host)) return false;
    return this.#openChanges(committed?.index ?? 0).every(
      (change) => !this.#mayBeCommitted(change, host) || this.#survives(change.configuration, host),
    );
  }

  #survives(config: Configuration, host: Host): boolean {
    const kept = config.members.filter(
      ({ id, voting }) =>
        voting && id !== host.id && !this.#lost.has(id) && this.#sim.hostOf(id) !== undefined,
    );
    const keepers = kept.filter(({ kind }) => kind === "data").map(({ id }) => id);
    const voters = votersOf(config).length;
    if (keepers.length * 2 > voters) return true;
    const isEnough = keepers.length > 0 && kept.length * 2 > voters;
    return isEnough && kept.length > keepers.length && this.#haveAll(keepers, host);
  }

  /** Whether all of them have on disk whatever this node or a witness has, and all that is committed. */
  #haveAll(keepers: readonly MemberId[], host: Host): boolean {
    const { committedIndex } = this.#sim.checkers;
    const others = this.#sim.hosts.filter((other) => other.isWitness).map(({ mirror }) => mirror);
    return keepers.every((id) => {
      const disk = this.#sim.hostOf(id)?.disk;
      if (!disk || disk.lastIndex < committedIndex) return false;
      return [host.mirror, ...others].every(
        (mirror) => disk.termAt(mirror.lastIndex) === mirror.termAt(mirror.lastIndex),
      );
    });
  }

  /** Changes in some log after what is committed. */
  #openChanges(after: number): Change[] {
    const changes = new Map<string, Change>();
    for (const { mirror } of this.#sim.hosts) {
      for (const { index, configuration } of mirror.configurations) {
        const term = mirror.termAt(index);
        if (index <= after || term === undefined) continue;
        changes.set(`${index} ${term}`, { index, term, configuration });
      }
    }
    return [...changes.values()];
  }

  /** Whether a majority has confirmed it or still can. */
  #mayBeCommitted({ index, term, configuration }: Change, host: Host): boolean {
    const voters = votersOf(configuration);
    const able = voters.filter((id) => {
      const mirror = id === host.id ? host.mirror : this.#lost.get(id);
      return mirror === undefined || mirror.termAt(index) === term;
    });
    return able.length * 2 > voters.length;
  }
}
