import { expect, test } from "vitest";
import { createNode, defineStream } from "./index.ts";

const loopback = { network: "preset", listen: ["127.0.0.1:0"] };

test("two nodes that share a name find each other by an invite, and data flows", async () => {
  const Word = defineStream<string>("word");
  const first = await createNode({ ...loopback, secret: "sixteen bytes or more" });
  const second = await createNode({
    ...loopback,
    seeds: [first.invite({ withSecret: true })],
    tags: ["second"],
  });
  await first.discovery.when.discovered({ tags: ["second"] });
  const words = first.streams.consume(Word);
  await second.streams.produce(Word).send("hello");
  expect(await words.receive()).toBe("hello");
  await second.close();
  await first.close();
});

test("the secret key decides who a node is", async () => {
  const init = { ...loopback, secretKey: new Uint8Array(32).fill(7) };
  const before = await createNode(init);
  await before.close();
  const after = await createNode(init);
  await after.close();
  expect(after.peer).toBe(before.peer);
});

test("an abort closes the node, and closing is idempotent", async () => {
  const stop = new AbortController();
  const node = await createNode({ ...loopback, signal: stop.signal });
  stop.abort();
  await node.close();
  await node.close();
  await expect(createNode({ ...loopback, signal: stop.signal })).rejects.toBe(stop.signal.reason);
});
