import {
  createGroupKey,
  createNode,
  formatGroupKey,
  lanTimings,
  memoryStorage,
  type Node,
} from "mosaik";
import { Notes, resign, Seen, Sum, Ticks, Words } from "./definitions.ts";

// Three nodes of a network in a process of their own: one counts, all agree on a sum. They write a
// line once they do: an invite and the keys of the group and of the notes. What the page says is
// echoed as the sum; they tell what they see.
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

const seen = first.streams.produce(Seen);
const tell = (what: string): void => void seen.trySend({ what, at: Date.now() });
for (const [at, member] of members.entries()) {
  let role = member.status.value.role;
  member.status.subscribe((status) => {
    const isNew = status.role === "leader" && role !== "leader";
    role = status.role;
    if (isNew) tell(`leader ${nodes[at]?.peer}`);
  });
}

const notesKey = createGroupKey();
const notes = await first.stores.writer(Notes, { key: notesKey, storage: memoryStorage() });
await notes.when.online();
void (async () => {
  for await (const _ of notes.watch()) for (const [key, text] of notes) tell(`${key}: ${text}`);
})();

void (async () => {
  for await (const { text } of first.streams.consume(Words)) {
    if (text === resign) {
      await members.find(({ status }) => status.value.role === "leader")?.close();
      continue;
    }
    await members.find(({ status }) => status.value.online)?.execute({ add: text.length });
  }
})();

const found = {
  invite: first.invite(),
  key: formatGroupKey(key),
  notes: formatGroupKey(notesKey),
  peers: nodes.map((node) => node.peer),
};
process.stdout.write(`${JSON.stringify(found)}\n`);
process.stdin.resume(); // ends with whoever started it
process.stdin.on("end", () => process.exit());
