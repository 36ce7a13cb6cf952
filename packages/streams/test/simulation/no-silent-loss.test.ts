import { rawCodec } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { type Consumer, defineStream, type LagOptions, type Producer } from "../../src/index.ts";
import { Account, numbered } from "../account.ts";
import { type Cluster, inCluster } from "../cluster.ts";

const Bytes = defineStream<Uint8Array>("bytes", { codec: rawCodec });
const policies = ["disconnect", "drop-oldest", "wait"] as const;

/** A producer that sends numbers in bursts, for a while. */
class Talker {
  readonly producer: Producer<Uint8Array>;
  total = 0;

  constructor(producer: Producer<Uint8Array>) {
    this.producer = producer;
  }

  async talk(cluster: Cluster, random: () => number, rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const burst = Math.floor(random() * 60);
      for (let count = 0; count < burst; count++) {
        const bytes = 4 + Math.floor(random() ** 4 * 3_000);
        if (this.producer.trySend(numbered(this.total, bytes)) === "sent") this.total++;
      }
      await cluster.sleep(random() * 40);
    }
  }
}

async function story(cluster: Cluster, seed: number): Promise<void> {
  const random = cluster.world.random("story");
  const next = () => random.next();
  const lag: LagOptions = {
    policy: policies[seed % 3] ?? "wait",
    itemsMax: 20 + Math.floor(next() * 200),
  };
  const nodes = await Promise.all([1, 2, 3, 4, 5].map(() => cluster.node()));
  const [first, second, ...rest] = nodes;
  const talkers = [first, second].flatMap((node) =>
    node ? [new Talker(node.streams.produce(Bytes, { lag, onlineWhen: { atLeast: 0 } }))] : [],
  );
  const consumers: Consumer<Uint8Array>[] = rest.map((node) =>
    node.streams.consume(Bytes, { windowBytes: 1_024 + Math.floor(next() * 50_000) }),
  );
  const accounts = consumers.map((consumer) => new Account(consumer));
  await cluster.until(() => consumers.every(({ producers }) => producers.length === 2), 30_000);
  // Whoever is to be accounted for from the first item on must have had one.
  for (const talker of talkers) await talker.producer.send(numbered(talker.total++));
  await cluster.until(() => accounts.every(({ books }) => books.size === 2), 10_000);

  cluster.memory.change({ connectionLoss: 0.002, connectFailure: 0.2, split: 0.3 });
  const trouble = (async () => {
    for (let round = 0; round < 6; round++) {
      const [a, b] = [next(), next()].map((at) => nodes[Math.floor(at * nodes.length)]);
      if (a === undefined || b === undefined || a === b) continue;
      const stall = cluster.memory.stall(a.peer, b.peer);
      await cluster.sleep(next() * 8_000);
      stall[Symbol.dispose]();
      await cluster.sleep(next() * 2_000);
    }
  })();
  await Promise.all(talkers.map((talker) => talker.talk(cluster, next, 300)));
  await trouble;

  cluster.memory.change({ connectionLoss: 0, connectFailure: 0, split: 0 });
  cluster.memory.heal();
  await cluster.until(() => consumers.every(({ producers }) => producers.length === 2), 60_000);
  for (const talker of talkers) await talker.producer.send(numbered(talker.total++));
  const complete = () =>
    accounts.every((account) =>
      talkers.every(({ total }, index) => {
        const peer = nodes[index]?.peer;
        return peer !== undefined && account.books.get(peer)?.next === total;
      }),
    );
  await cluster.until(complete, 60_000);
  accounts.forEach((account, index) => {
    expect(account.faults).toEqual([]);
    const books = [...account.books.values()];
    expect(consumers[index]?.stats).toMatchObject({
      items: books.reduce((sum, book) => sum + book.items, 0),
      gaps: books.reduce((sum, book) => sum + book.missed, 0),
    });
  });
}

describe("in order, at most once, and nothing is lost in silence", () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    it(`whatever happens to the network (seed ${seed}, ${policies[seed % 3]})`, () =>
      inCluster((cluster) => story(cluster, seed), { seed, latencyMs: [1, 30] }));
  }
});
