import {
  createGroupKey,
  createNode,
  formatGroupKey,
  lanTimings,
  memoryStorage,
  type Node,
} from "mosaik";
import { Sum, Ticks, Words } from "./definitions.ts";

// Three nodes of a network in a process of their own: one counts, all agree on a sum. They write a
// line once they do: an invite and the key of the group. What the page says is echoed as the sum.
const key = createGroupKey();
const nodes: Node[] = [];
for (const tag of ["one", "two", "three"]) {
  const node = await createNode({
    network: "browser",
    tags: [tag],
    listen: ["ws://127.0.0.1:0"],
    seeds: nodes.slice(0, 1).map((first) => first.invite()),
  });
  nodes.push(node);
}
const [first] = nodes;
if (first === undefined) throw new Error("three were made");
const members = await Promise.all(
  nodes.map(({ groups }) =>
    groups.join({
      key,
      machine: Sum,
      storage: memoryStorage(),
      founders: 3,
      timings: lanTimings,
    }),
  ),
);
await Promise.all(members.map((member) => member.when.online()));
await members[0]?.execute({ add: 1 });

const ticks = first.streams.produce(Ticks);
let n = 0;
setInterval(() => void ticks.trySend({ n: n++ }), 10);

void (async () => {
  for await (const { text } of first.streams.consume(Words)) {
    await members[1]?.execute({ add: text.length });
  }
})();

const found = { invite: first.invite(), key: formatGroupKey(key), peers: nodes.map((n) => n.peer) };
process.stdout.write(`${JSON.stringify(found)}\n`);
process.stdin.resume(); // ends with whoever started it
process.stdin.on("end", () => process.exit());
