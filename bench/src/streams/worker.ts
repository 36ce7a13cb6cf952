import type { Answers } from "../processes/calls.ts";
import { serveCalls } from "../processes/serve.ts";
import { Arrivals } from "./arrivals.ts";
import type { Calls } from "./calls.ts";
import { type Load, loadOf } from "./load.ts";
import { pace } from "./pace.ts";
import { pump } from "./pump.ts";
import type { Receiver, Sender, Side } from "./side.ts";

/** One process of a side: a producer or a consumer, one case after another. */
class Worker {
  readonly #side: Side;
  #load: Load | undefined;
  #sender: Sender | undefined;
  #receiver: Receiver | undefined;
  #arrivals = new Arrivals();

  constructor(side: Side) {
    this.#side = side;
  }

  readonly answers: Answers<Calls> = {
    hello: async () => null,
    produce: async ({ bench, broker }) => {
      const load = loadOf(bench);
      this.#load = load;
      this.#sender = await this.#side.produce({ load, consumers: bench.consumers, broker });
      return { address: this.#sender.address, itemBytes: load.itemBytes };
    },
    consume: async ({ bench, broker, address }) => {
      const work = { load: loadOf(bench), consumers: bench.consumers, broker };
      this.#arrivals = new Arrivals();
      this.#receiver = await this.#side.consume(work, address, this.#arrivals);
      return null;
    },
    ready: async () => {
      await this.#producing().sender.ready();
      return null;
    },
    pump: ({ durationMs }) => {
      const { sender, load } = this.#producing();
      return pump(sender, durationMs, load.itemBytes);
    },
    pace: ({ durationMs, itemsPerSecond }) =>
      pace(this.#producing().sender, durationMs, itemsPerSecond),
    arrived: () => this.#arrivals.next(),
    close: async () => {
      await this.#sender?.close();
      await this.#receiver?.close();
      this.#sender = undefined;
      this.#receiver = undefined;
      return null;
    },
  };

  #producing(): { sender: Sender; load: Load } {
    if (this.#sender === undefined || this.#load === undefined) throw new Error("not a producer");
    return { sender: this.#sender, load: this.#load };
  }
}

async function sideNamed(name: string | undefined): Promise<Side> {
  switch (name) {
    case "ours":
      return (await import("./sides/ours.ts")).oursSide;
    case "tls":
      return (await import("./sides/tls.ts")).tlsSide;
    case "libp2p":
      return (await import("./sides/libp2p.ts")).libp2pSide;
    case "nats":
      return (await import("./sides/nats.ts")).natsSide;
    default:
      throw new RangeError(`there is no side '${name}'`);
  }
}

serveCalls<Calls>(
  async () => new Worker(await sideNamed(process.argv[2])).answers,
  ["pump", "arrived"],
);
