import { Child } from "../processes/child.ts";
import type { Calls } from "./calls.ts";
import type { Setting } from "./cases.ts";
import type { SideName } from "./side.ts";

/** A member, with the process that talks to it, as the coordinator sees them. */
export interface Seat {
  /** Who talks to the member: the member itself, or a process beside it. */
  readonly client: Child<Calls>;
  /** Starts the member, the first time or after it was killed. */
  start(): Promise<void>;
  /** Kills the member with SIGKILL. */
  kill(): Promise<void>;
}

/** What the members of one group share. */
export interface SeatInit {
  readonly setting: Setting;
  /** A folder for all of them. */
  readonly directory: string;
  /** What they are called by messages and profiles. */
  readonly profile: string | undefined;
  /** From now on a process ends when the coordinator does; or has ended. */
  readonly hold: (pid: number) => void;
  readonly release: (pid: number) => void;
}

const program = new URL("./worker.ts", import.meta.url);

/** Starts a process that talks to a member. */
export async function startClient(
  side: SideName,
  number: number,
  { profile, setting }: SeatInit,
): Promise<Child<Calls>> {
  const role = `${setting.storage}-${setting.timings}-${number + 1}`;
  const client = new Child<Calls>({ program, side, role, profile });
  await client.call("hello", null);
  return client;
}
