import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createGroupKey, formatGroupKey } from "@mosaik/groups";
import type { Child } from "../processes/child.ts";
import type { Calls } from "./calls.ts";
import { type Seat, type SeatInit, startClient } from "./seat.ts";
import { membersCount } from "./side.ts";

/** Members of ours: each in a process of its own, which is its client too. */
export function ourSeats(init: SeatInit): readonly Seat[] {
  const shared = { init, key: formatGroupKey(createGroupKey()), addresses: new Map() };
  return Array.from({ length: membersCount }, (_, number) => new OurSeat(number, shared));
}

class OurSeat implements Seat {
  readonly #number: number;
  readonly #shared: { init: SeatInit; key: string; addresses: Map<number, string> };
  readonly #secretKey = randomBytes(32).toString("hex");
  #client: Child<Calls> | undefined;

  constructor(
    number: number,
    shared: { init: SeatInit; key: string; addresses: Map<number, string> },
  ) {
    this.#number = number;
    this.#shared = shared;
  }

  get client(): Child<Calls> {
    if (this.#client === undefined) throw new Error("it is not started");
    return this.#client;
  }

  async start(): Promise<void> {
    const { init, key, addresses } = this.#shared;
    const { storage, timings } = init.setting;
    this.#client = await startClient("ours", this.#number, init);
    const directory = storage === "disk" ? join(init.directory, String(this.#number)) : "";
    addresses.delete(this.#number);
    const others = [...addresses.values()];
    const place = { addresses: others, directory, timings, key, secretKey: this.#secretKey };
    addresses.set(this.#number, await this.#client.call("open", place));
  }

  kill(): Promise<void> {
    return this.client.kill();
  }
}
