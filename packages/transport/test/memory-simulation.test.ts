import { randomInteger } from "@mosaik/primitives";
import type { Channel, ChannelListener, Connection } from "@mosaik/transport";
import { describe, expect, it } from "vitest";
import { chat, MemoryWorld, never } from "./memory-world.ts";

const nodeCount = 8;
const chaosMs = 60_000;

/** Running numbers, from any on. */
const numbers = Uint8Array.from({ length: 256 + 2 ** 17 }, (_, index) => index & 0xff);

/** One end of a channel: writes running numbers, and checks that running numbers arrive. */
class Counter implements ChannelListener {
  readonly channel: Channel;
  readonly #wrong: string[];
  sent = 0;
  count = 0;
  ends = 0;

  constructor(channel: Channel, wrong: string[]) {
    this.channel = channel;
    this.#wrong = wrong;
    channel.listen(this);
  }

  write(size: number): void {
    const first = this.sent & 0xff;
    this.channel.write(numbers.slice(first, first + size));
    this.sent += size;
  }

  received(bytes: Uint8Array): void {
    if (this.ends > 0) this.#wrong.push("bytes after the end");
    for (const byte of bytes) {
      if (byte !== (this.count++ & 0xff)) this.#wrong.push(`not byte ${this.count} in order`);
    }
  }

  drained(): void {
    if (this.channel.full) this.#wrong.push("full when drained");
  }

  ended(): void {
    if (++this.ends > 1) this.#wrong.push("ended twice");
  }
}

/** Nodes that dial, open, write, end and abort at random while the network fails at random. */
class Chaos {
  readonly rig: MemoryWorld;
  readonly wrong: string[] = [];
  readonly counters: Counter[] = [];
  readonly #transports: Awaited<ReturnType<MemoryWorld["transport"]>>[] = [];
  readonly #connections: Connection[] = [];

  constructor(seed: number) {
    this.rig = new MemoryWorld(seed, { latencyMs: [0, 80], split: 0.2, connectFailure: 0.05 });
  }

  async run(): Promise<void> {
    while (this.#transports.length < nodeCount) await this.#startNode();
    const clock = this.rig.world.clock();
    for (let at = 0; at < chaosMs; at += 20) clock.after(at, () => this.#act());
    await this.rig.world.run(chaosMs);
    this.rig.network.change({ connectionLoss: 0 });
    this.rig.network.heal();
    for (const transport of this.#transports) this.rig.network.thaw(transport.peer);
    await this.rig.world.settle(Promise.all(this.#transports.map((each) => each.close())));
    await this.rig.world.run(1000);
  }

  async #startNode(): Promise<void> {
    const transport = await this.rig.transport();
    this.#transports.push(transport);
    transport.serve(chat);
    await transport.start({
      connected: (connection) => void this.#connections.push(connection),
      opened: (_, channel) => void this.counters.push(new Counter(channel, this.wrong)),
      discovered: () => {},
    });
  }

  #act(): void {
    const { network, world } = this.rig;
    const random = world.random("chaos");
    const chance = random.next();
    const [peer, other] = [this.#pick(this.#transports).peer, this.#pick(this.#transports).peer];
    if (chance < 0.05) void this.#dial().catch(() => {});
    else if (chance < 0.15) void this.#open().catch(() => {});
    else if (chance < 0.16) this.#pick(this.#connections)?.abort();
    else if (chance < 0.165) void this.#pick(this.#connections)?.close();
    else if (chance < 0.17) this.#pick(this.counters)?.channel.abort();
    else if (chance < 0.19) this.#pick(this.counters)?.channel.end();
    else if (chance < 0.195) network.partition([peer, other]);
    else if (chance < 0.2) network.partitionOneWay([peer], [other]);
    else if (chance < 0.205) network.freeze(peer);
    else if (chance < 0.21) network.thaw(peer);
    else if (chance < 0.22) network.heal();
    else if (chance < 0.23) network.change({ connectionLoss: random.next() * 0.01 });
    else this.#pick(this.counters)?.write(2 ** randomInteger(random, 0, 17));
  }

  async #dial(): Promise<void> {
    const [from, to] = [this.#pick(this.#transports), this.#pick(this.#transports)];
    this.#connections.push(await from.dial({ addresses: to.addresses.value }, never));
  }

  async #open(): Promise<void> {
    const channel = await this.#pick(this.#connections)?.open(chat, never);
    if (channel !== undefined) this.counters.push(new Counter(channel, this.wrong));
  }

  #pick<Item>(items: readonly Item[]): Item {
    const random = this.rig.world.random("chaos");
    return items[randomInteger(random, 0, Math.max(0, items.length - 1))] as Item; // or undefined
  }
}

describe("a memory network in chaos", { timeout: 30_000 }, () => {
  it("delivers in order what it delivers, and ends every channel once", async () => {
    let [arrived, channels] = [0, 0];
    for (let seed = 1; seed <= 10; seed++) {
      const chaos = new Chaos(seed);
      await chaos.run();
      expect(chaos.wrong, `seed ${seed}`).toEqual([]);
      expect(chaos.counters.filter(({ ends }) => ends !== 1)).toEqual([]);
      for (const { count } of chaos.counters) arrived += count;
      channels += chaos.counters.length;
    }
    expect(arrived).toBeGreaterThan(10_000_000);
    expect(channels).toBeGreaterThan(1000);
  });

  it("goes the same way for the same seed", async () => {
    const [first, again, other] = [new Chaos(1), new Chaos(1), new Chaos(2)];
    for (const chaos of [first, again, other]) await chaos.run();
    expect(again.rig.world.trace.hash).toBe(first.rig.world.trace.hash);
    expect(again.rig.world.events).toBe(first.rig.world.events);
    expect(other.rig.world.trace.hash).not.toBe(first.rig.world.trace.hash);
  });
});
