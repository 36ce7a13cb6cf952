// hello.ts — npm install mosaik zod
import { createNode, defineStream } from "mosaik";
import { z } from "zod";

const Hello = defineStream("hello", { schema: z.object({ from: z.string(), n: z.number() }) });
const [role = "listener", ...seeds] = process.argv.slice(2);
const node = await createNode({ network: "quickstart", tags: [role], seeds });

if (role === "listener") {
  console.log(`now run: node hello.ts speaker ${node.invite()}`);
  for await (const { from, n } of node.streams.consume(Hello)) console.log(`${from} says ${n}`);
} else {
  const out = node.streams.produce(Hello);
  await out.when.subscribed();
  for (let n = 1; n <= 5; n++) await out.send({ from: node.peer.slice(0, 8), n });
  await node.close();
}
