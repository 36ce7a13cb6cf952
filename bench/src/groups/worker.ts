import type { Answers } from "../processes/calls.ts";
import { cpuUs } from "../processes/clock.ts";
import { serveCalls } from "../processes/serve.ts";
import type { Calls } from "./calls.ts";
import { drive } from "./drive.ts";
import { Probe } from "./probe.ts";
import type { Client, Side } from "./side.ts";

/** One process of a side: at one member. */
class Worker {
  readonly #side: Side;
  #opened: Client | undefined;
  #probe: Probe | undefined;

  constructor(side: Side) {
    this.#side = side;
  }

  readonly answers: Answers<Calls> = {
    hello: async () => null,
    open: async (place) => {
      this.#opened = await this.#side.open(place);
      return this.#opened.address;
    },
    look: async () => ({
      isWhole: await this.#client.isWhole(),
      leads: await this.#client.leads(),
    }),
    drive: (ask) => drive(this.#client, ask),
    written: () => this.#client.written(),
    cpu: async () => cpuUs(),
    probe: async () => {
      this.#probe = new Probe(this.#client);
      return null;
    },
    committedAfter: async ({ atUs }) => {
      if (this.#probe === undefined) throw new Error("nothing is probed");
      return this.#probe.committedAfter(atUs);
    },
    close: async () => {
      await this.#opened?.close();
      return null;
    },
  };

  get #client(): Client {
    if (this.#opened === undefined) throw new Error("it has no place yet");
    return this.#opened;
  }
}

async function sideNamed(name: string | undefined): Promise<Side> {
  switch (name) {
    case "ours":
      return (await import("./sides/ours.ts")).oursSide;
    case "etcd":
      return (await import("./sides/etcd.ts")).etcdSide;
    default:
      throw new RangeError(`there is no side '${name}'`);
  }
}

serveCalls<Calls>(async () => new Worker(await sideNamed(process.argv[2])).answers, ["drive"]);
