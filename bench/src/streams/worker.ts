import { Arrivals } from "./arrivals.ts";
import {
  aloneLookMs,
  aloneLooks,
  type CallName,
  type Calls,
  type FromWorker,
  type ToWorker,
} from "./calls.ts";
import { type Load, loadOf } from "./load.ts";
import { type Profiling, startProfile } from "./profile.ts";
import { pace, pump } from "./pump.ts";
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

  readonly calls: {
    [Name in CallName]: (ask: Calls[Name]["ask"]) => Promise<Calls[Name]["answer"]>;
  } = {
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

function tell(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

// The terminal sends Ctrl-C to every process of the run: the coordinator ends the others.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit(0));
if (!process.connected) process.exit(0);
// Counts looks, not time: a process that was busy for long reads its messages before the next look.
let looks = 0;
setInterval(() => {
  if (++looks > aloneLooks) process.exit(1);
}, aloneLookMs);
const [, , sideName, profilePath] = process.argv;
let profiling: Promise<Profiling> | undefined;
const loading = sideNamed(sideName).then((side) => new Worker(side));
loading.catch(() => undefined); // each call says so

process.on("message", (message: ToWorker) => {
  looks = 0;
  if (message.kind === "stop") return void stop();
  if (message.kind === "alive") return;
  const { id, name, ask } = message;
  const running = name === "pump" || name === "arrived";
  if (running && profilePath !== undefined) profiling ??= startProfile(profilePath);
  loading
    // the coordinator asks by the same table
    .then((worker) => (worker.calls[name] as (ask: unknown) => Promise<unknown>)(ask))
    .then((answer) => tell({ kind: "answer", id, answer }))
    .catch((error: unknown) => tell({ kind: "failure", id, error: textOf(error) }));
});

async function stop(): Promise<void> {
  await (await profiling)?.finish();
  process.exit(0);
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
