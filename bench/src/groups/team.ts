import { existsSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createLeash, type Leash } from "@mosaik/testing/processes";
import { nowUs } from "../processes/clock.ts";
import type { Setting, Storage } from "./cases.ts";
import { etcdSeats } from "./etcd-seats.ts";
import { ourSeats } from "./our-seats.ts";
import type { Seat } from "./seat.ts";
import type { SideName } from "./side.ts";

/** Data of all sides goes to the disk that this repository is on. */
const diskFolder = fileURLToPath(new URL("../../node_modules/.cache/groups", import.meta.url));
/** Where a peer that knows files only keeps them in memory. */
const memoryFolder = "/dev/shm";

/** Whether a side can keep its data so. */
export function canStore(side: SideName, storage: Storage): boolean {
  return storage === "disk" || side === "ours" || existsSync(memoryFolder);
}

/** A group gets this long to be whole, also on a busy machine. */
const wholeTimeoutMs = 60_000;
const lookEveryMs = 20;

/** Who leads, and one who follows. */
export interface Roles {
  readonly leader: Seat;
  readonly follower: Seat;
}

/** The three members of one side. */
export class Team {
  readonly side: SideName;
  readonly seats: readonly Seat[];
  readonly #leash: Leash;

  private constructor(side: SideName, seats: readonly Seat[], leash: Leash) {
    this.side = side;
    this.seats = seats;
    this.#leash = leash;
  }

  /** Starts the members of a side, and waits until they are a group. */
  static async start(side: SideName, setting: Setting, profile: string | undefined): Promise<Team> {
    const folder = setting.storage === "disk" ? diskFolder : memoryFolder;
    if (setting.storage === "disk") await mkdir(folder, { recursive: true });
    const directory = existsSync(folder) ? await mkdtemp(join(folder, `bench-${side}-`)) : "";
    const leash = createLeash("bench groups", directory);
    const { hold, release } = leash;
    const init = { setting, directory, profile, hold, release };
    const seats = side === "ours" ? ourSeats(init) : await etcdSeats(init);
    for (const seat of seats) await seat.start();
    const team = new Team(side, seats, leash);
    await team.roles();
    return team;
  }

  /** Waits until all members are there and follow one leader. */
  async roles(): Promise<Roles> {
    const deadline = Date.now() + wholeTimeoutMs;
    for (;;) {
      const looks = await Promise.all(this.seats.map(({ client }) => client.call("look", null)));
      const leader = this.seats[looks.findIndex(({ leads }) => leads)];
      const follower = this.seats[looks.findIndex(({ leads }) => !leads)];
      const isWhole = looks.every((one) => one.isWhole);
      if (isWhole && leader && follower) return { leader, follower };
      if (Date.now() > deadline) throw new Error(`${this.side}: the group does not get whole`);
      await sleep(lookEveryMs);
    }
  }

  /** How long it takes from the death of the leader to a write that began after it, milliseconds. */
  async failOver(): Promise<number> {
    const { leader, follower } = await this.roles();
    await follower.client.call("probe", null);
    await sleep(300); // until writes flow
    const atUs = nowUs();
    const dead = leader.kill();
    const doneUs = await follower.client.call("committedAfter", { atUs });
    await dead;
    await leader.start();
    await this.roles();
    return (doneUs - atUs) / 1e3;
  }

  /** Ends the processes, and removes what they wrote. */
  async stop(): Promise<void> {
    await Promise.all(this.seats.map(({ client }) => client.stop()));
    await this.#leash.close();
  }
}
