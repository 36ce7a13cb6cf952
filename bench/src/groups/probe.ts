import { setTimeout as sleep } from "node:timers/promises";
import { nowUs } from "../processes/clock.ts";
import type { Client } from "./side.ts";

/** How often a write begins, whatever became of those before it. */
const intervalMs = 5;

interface Written {
  readonly beganUs: number;
  readonly doneUs: number;
}

/** Writes again and again, to see when a group that lost its leader works again. */
export class Probe {
  readonly #client: Client;
  readonly #written: Written[] = [];
  #running = true;
  #told: (() => void) | undefined;

  constructor(client: Client) {
    this.#client = client;
    void this.#run();
  }

  /** When the first write that began after a time was committed; writes no more then. */
  async committedAfter(atUs: number): Promise<number> {
    for (;;) {
      const first = this.#written.find(({ beganUs }) => beganUs > atUs);
      if (first !== undefined) {
        this.#running = false;
        return first.doneUs;
      }
      this.#written.length = 0;
      await new Promise<void>((resolve) => {
        this.#told = resolve;
      });
    }
  }

  async #run(): Promise<void> {
    for (let number = 0; this.#running; number++) {
      const beganUs = nowUs();
      this.#client.write(number).then(
        () => {
          this.#written.push({ beganUs, doneUs: nowUs() });
          this.#told?.();
        },
        () => undefined, // a write that is lost with its leader
      );
      await sleep(intervalMs);
    }
  }
}
