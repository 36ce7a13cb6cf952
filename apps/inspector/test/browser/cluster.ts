// A network in a process of its own, for pages to look into: a seed, sensors, aggregators that agree
// on a ledger and share a map, a recorder, a reader that is too slow. It writes a line with an invite
// once all is well; then it obeys lines: `close <name>`, `start <name>`.
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import {
  createGroupKey,
  createNode,
  defineMachine,
  defineMap,
  defineStream,
  memoryStorage,
  type Node,
} from "mosaik";
import { z } from "zod";

const Readings = defineStream("readings", {
  schema: z.object({ n: z.number(), celsius: z.number() }),
});
const Summaries = defineStream("summaries", { schema: z.object({ mean: z.number() }) });
const Latest = defineMap({
  name: "latest",
  durability: "memory",
  key: z.string(),
  value: z.number(),
});
const Ledger = defineMachine({
  name: "ledger",
  command: z.object({ add: z.number() }),
  create: () => {
    let total = 0;
    return {
      apply: ({ add }): number => (total += add),
      query: (_: "total"): number => total,
      snapshot: () => [encodeUtf8(String(total))],
      restore: (chunk) => {
        total = Number(decodeUtf8(chunk));
      },
    };
  },
});

const network = process.argv[2] ?? "weather";
const writeKey = "the key to write!";
const key = createGroupKey();
const options = { key, founders: 3 } as const;
const nodes = new Map<string, Node>();
const roleOf = (name: string): string => name.replace(/-\d+$/, "");
const ofRole = (role: string) => (peer: { readonly tags: ReadonlySet<string> }) =>
  peer.tags.has(role);

async function start(name: string): Promise<void> {
  const [seed] = nodes.values();
  const node = await createNode({
    network,
    tags: [roleOf(name), `name=${name}`],
    listen: ["ws://127.0.0.1:0"],
    seeds: seed === undefined ? [] : [seed.invite()],
    diagnostics: { writeKey },
  });
  nodes.set(name, node);
  await work[roleOf(name)]?.(node, name);
}

const work: Readonly<Record<string, (node: Node, name: string) => Promise<void>>> = {
  async sensor(node) {
    const out = node.streams.produce(Readings, {
      lag: { policy: "drop-oldest", itemsMax: 32 },
    });
    let n = 0;
    every(node, 100, () => out.trySend({ n: n++, celsius: 20 + Math.sin(n / 20) }));
  },
  async aggregator(node, name) {
    const out = node.streams.produce(Summaries);
    const group = await node.groups.join({ ...options, machine: Ledger, storage: memoryStorage() });
    const latest = await node.stores.writer(Latest, { ...options, storage: memoryStorage() });
    let [sum, count] = [0, 0];
    void each(node.streams.consume(Readings), ({ celsius }) => {
      sum += celsius;
      count += 1;
    });
    every(node, 500, () => {
      if (count === 0) return;
      out.trySend({ mean: sum / count });
      group.execute({ add: count }).catch(() => {});
      latest.set(name, Math.round((100 * sum) / count) / 100).catch(() => {});
      [sum, count] = [0, 0];
    });
  },
  async recorder(node) {
    void each(node.streams.consume(Summaries), () => {});
    await node.stores.reader(Latest, { ...options, storage: memoryStorage() });
  },
  async "slow-reader"(node) {
    void each(node.streams.consume(Readings, { from: ofRole("sensor") }), () => sleep(1_000));
  },
};

function every(node: Node, ms: number, act: () => void): void {
  const timer = setInterval(() => (node.addresses.length > 0 ? act() : clearInterval(timer)), ms);
}

async function each<Item>(items: AsyncIterable<Item>, act: (item: Item) => unknown): Promise<void> {
  for await (const item of items) await act(item);
}

await start("seed");
await Promise.all(
  [...numbered("sensor", 3), ...numbered("aggregator", 3), "recorder", "slow-reader"].map(start),
);
const all = [...nodes.values()];
await Promise.all(all.map((node) => node.discovery.when.discovered({ atLeast: all.length - 1 })));
const names = Object.fromEntries([...nodes].map(([name, { peer }]) => [name, peer]));
const invite = nodes.get("seed")?.invite({ writeKey });
process.stdout.write(`${JSON.stringify({ invite, names })}\n`);

function numbered(role: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${role}-${at + 1}`);
}

const lines = createInterface(process.stdin);
lines.on("line", (line) => void obey(line.split(" ")));
lines.on("close", () => process.exit()); // ends with whoever started it

async function obey([verb = "", name = ""]: readonly string[]): Promise<void> {
  if (verb === "start") await start(name);
  else if (verb === "close") {
    await nodes.get(name)?.close();
    nodes.delete(name);
  }
  process.stdout.write(`${verb} ${name}\n`);
}
