import { describe, expect, it } from "vitest";
import { defineStream } from "../../src/index.ts";
import { inCluster, type Node } from "../cluster.ts";

const Word = defineStream<string>("word");

describe("every node produces and consumes, and one is cut off for a while", () => {
  it.each([1, 2, 3, 4, 5, 6])("all are subscribed to all again, seed %i", async (seed) => {
    await inCluster(
      async (cluster) => {
        const nodes: Node[] = [];
        for (let n = 0; n < 6; n++) nodes.push(await cluster.node());
        const consumers = nodes.map(({ streams }) => {
          streams.produce(Word);
          return streams.consume(Word);
        });
        const complete = (): boolean =>
          consumers.every(({ producers }) => producers.length === nodes.length - 1);
        await cluster.until(complete, 3_000);
        const [cut, ...others] = nodes.map(({ peer }) => peer).reverse();
        const partition = cluster.memory.partition(cut === undefined ? [] : [cut], others);
        const gone = ({ producers }: (typeof consumers)[number]): boolean =>
          producers.every(({ peer }) => peer !== cut);
        await cluster.until(() => consumers.every(gone), 60_000);
        await cluster.sleep(seed * 1_000);
        partition[Symbol.dispose]();
        await cluster.until(complete, 15_000);
        expect(complete()).toBe(true);
      },
      { seed },
    );
  });
});
