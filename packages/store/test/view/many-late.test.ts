import { defineStream } from "@mosaik/streams";
import { expect, it } from "vitest";
import { z } from "zod";
import { defineView } from "../../src/index.ts";
import { inCluster } from "../replay/cluster.ts";

const Count = defineStream("count", { schema: z.number() });

const Sums = defineView({
  name: "sums",
  from: Count,
  key: (n) => `${n % 100}`,
  initial: () => 0,
  reduce: (sum, n) => sum + n,
});

it(
  "twenty-four nodes that join at once have all of a stream and of its view, while it goes on",
  () =>
    inCluster(async (cluster) => {
      const shop = await cluster.node();
      await shop.replay.keep(Count);
      const keeper = await (await cluster.node()).replay.keep(Count);
      const producer = shop.streams.produce(Count, { lag: { policy: "wait" } });
      const first = shop.views.fold(Sums);
      await cluster.until(() => producer.consumers.length > 0);
      const send = async (to: number): Promise<void> => {
        for (let n = producer.position.sequence; n < to; n++) await producer.send(n);
      };
      await send(10_000);
      await keeper.when.reaches(new Map([[shop.peer, producer.position]]));
      await first.when.ready();
      const nodes = await Promise.all(Array.from({ length: 24 }, () => cluster.node()));
      const seen = nodes.map((): number[] => []);
      const views = nodes.map((node, at) => {
        if (at % 3 === 0) return node.views.read(Sums);
        if (at % 3 === 1) return node.views.fold(Sums);
        const replay = node.replay.consume(Count);
        void (async () => {
          for await (const n of replay) seen[at]?.push(n);
        })();
        return node.views.fold(Sums, { fromSnapshot: false });
      });
      for (let to = 10_100; to <= 11_000; to += 100) {
        await send(to);
        await cluster.sleep(20);
      }
      const version = new Map([[shop.peer, producer.position]]);
      await Promise.all([first, ...views].map((view) => view.when.reaches(version)));
      await cluster.until(() => seen.every((all, at) => at % 3 !== 2 || all.length === 11_000));
      expect(new Set(views.map((view) => view.hash()))).toEqual(new Set([first.hash()]));
      expect(views.every(({ missed }) => missed === 0)).toBe(true);
      const inOrder = (all: number[]): boolean => all.every((n, at) => n === at);
      expect(seen.every(inOrder)).toBe(true);
    }),
  30_000,
);
