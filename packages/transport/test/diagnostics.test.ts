import { ed25519 } from "@mosaik/primitives/system";
import { World } from "@mosaik/testing";
import * as v from "valibot";
import { describe, expect, it, test } from "vitest";
import { diagnosticsLimits } from "../src/diagnostics/config.ts";
import { DiagnosticsProtocol } from "../src/diagnostics/wire.ts";
import {
  ConnectionsSection,
  createNetwork,
  type DiagnosticsOptions,
  DialsSection,
  defineAction,
  defineSection,
  diagnostics,
  type Inspection,
  MetricsSection,
  NodeSection,
  RefusalsSection,
  type Service,
  type ServiceContext,
  type ServiceFactory,
} from "../src/index.ts";
import { createMemoryNetwork } from "../src/memory/index.ts";
import { version } from "../src/version.ts";

const Tally = defineSection({
  name: "tally",
  version: 1,
  value: v.object({ total: v.number(), parts: v.record(v.string(), v.number()) }),
});
const Page = defineSection({
  name: "page",
  version: 1,
  value: v.array(v.number()),
  query: v.object({ from: v.number() }),
});
const Add = defineAction({ name: "tally.add", version: 1, input: v.number(), output: v.number() });

/** A service that tells a tally. */
class TallyService implements Service {
  readonly context: ServiceContext;
  readonly parts = new Map<string, number>();
  total = 0;
  described = 0;

  constructor(context: ServiceContext) {
    this.context = context;
    context.diagnostics.describe(Tally, () => {
      this.described += 1;
      return { total: this.total, parts: Object.fromEntries(this.parts) };
    });
    context.diagnostics.describe(Page, ({ from }) => {
      if (from < 0) throw new Error("there is no such page");
      return Array.from({ length: from > 1_000 ? 300_000 : 3 }, (_, at) => from + at);
    });
    context.diagnostics.offer(Add, (by) => {
      if (by < 0) throw new Error("only more");
      this.total += by;
      return this.total;
    });
  }

  async close(): Promise<void> {}
}

const tally: ServiceFactory<TallyService> = {
  needs: [],
  create: (context) => new TallyService(context),
};

const readKey = "the key to read of these tests";
const writeKey = "the key to write of these tests";

class Nodes {
  readonly world = new World({ seed: 1 });
  readonly memory = createMemoryNetwork({
    clock: this.world.clock(),
    random: this.world.random("network"),
    latencyMs: [1, 3],
  });

  node(name: string, options: DiagnosticsOptions = {}, seeds: readonly string[] = []) {
    return this.world.settle(
      createNetwork({
        network: "diagnostics",
        transport: this.memory.transport(),
        tags: [name],
        seeds,
        services: { tally, diagnostics: diagnostics(options) },
        system: { clock: this.world.clock(), random: this.world.random(name), ed25519 },
      }),
    );
  }

  async pair(options: DiagnosticsOptions = {}) {
    const [one, two] = [await this.node("one"), await this.node("two", options)];
    await this.world.settle(one.tally.context.connect(two.addresses[0] ?? ""));
    return { one, two };
  }
}

async function inspected(options: DiagnosticsOptions = {}, key = writeKey) {
  const nodes = new Nodes();
  const { one, two } = await nodes.pair({ writeKey, ...options });
  const inspection = await nodes.world.settle(
    one.diagnostics.inspect(two.peer, { grant: "write", key }),
  );
  return { ...nodes, world: nodes.world, one, two, inspection };
}

describe("an inspection", () => {
  it("reads what a node says of itself, its connections and its dials", async () => {
    const { world, one, two, inspection } = await inspected();
    expect(await world.settle(inspection.read(NodeSection))).toMatchObject({
      network: "diagnostics",
      peer: two.peer,
      tags: ["two"],
      services: ["tally", "diagnostics"],
      packages: { "@mosaik/transport": version },
      runtime: expect.stringMatching(/^(Node|Mozilla)/),
    });
    const connections = await world.settle(inspection.read(ConnectionsSection));
    expect(connections[one.peer]).toMatchObject({ direction: "inbound", path: "direct" });
    const traffic = connections[one.peer]?.protocols[DiagnosticsProtocol.id];
    expect(traffic).toMatchObject({ links: 1 });
    expect(traffic?.bytesSent).toBeGreaterThan(100);
    const own = await world.settle(one.diagnostics.inspect(one.peer));
    const dials = Object.values(await world.settle(own.read(DialsSection)));
    expect(dials).toMatchObject([[{ ok: true }]]);
  });

  it("reads what a node measures", async () => {
    const { world, inspection } = await inspected();
    await world.run(5_000);
    const metrics = await world.settle(inspection.read(MetricsSection));
    const {
      mosaik_connections: connections,
      mosaik_connections_opened_total: opened,
      mosaik_round_trip_seconds: roundTrip,
    } = metrics;
    expect(connections).toMatchObject({ kind: "gauge", numbers: { "": 1 } });
    expect(opened).toMatchObject({
      label: "direction",
      numbers: { inbound: 1 },
    });
    const { distributions, buckets } = roundTrip ?? {};
    expect(distributions?.[""]?.count).toBeGreaterThan(1);
    expect(distributions?.[""]?.atMost).toHaveLength(buckets?.length ?? 0);
  });

  it("tells why a dial failed", async () => {
    const { world, one } = await inspected();
    await expect(world.settle(one.tally.context.connect("/memory/999"))).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
    });
    const own = await world.settle(one.diagnostics.inspect(one.peer));
    const dials = await world.settle(own.read(DialsSection));
    expect(dials["/memory/999"]).toMatchObject([
      { ok: false, code: "NETWORK_UNREACHABLE", tried: [{ address: "/memory/999" }] },
    ]);
  });

  it("follows a section: first the whole, then what changed, and nothing where nothing did", async () => {
    const { world, two, inspection } = await inspected();
    const seen: { total: number; parts: Record<string, number> }[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const value of inspection.follow(Tally, { signal: stop.signal })) seen.push(value);
    })();
    following.catch(() => {});
    const until = (count: number) => world.runUntil(() => seen.length >= count);
    await until(1);
    two.tally.parts.set("a", 1);
    await until(2);
    two.tally.total = 5;
    two.tally.parts.set("b", 2);
    two.tally.parts.delete("a");
    await until(3);
    await world.run(5_000);
    expect(seen).toEqual([
      { total: 0, parts: {} },
      { total: 0, parts: { a: 1 } },
      { total: 5, parts: { b: 2 } },
    ]);
    stop.abort();
    await expect(world.settle(following)).rejects.toBe(stop.signal.reason);
    const described = two.tally.described;
    await world.run(5_000);
    expect(two.tally.described).toBe(described);
  });

  it("answers a query, and says why it does not", async () => {
    const { world, inspection } = await inspected();
    const read = (from: number) => world.settle(inspection.read(Page, { query: { from } }));
    expect(await read(7)).toEqual([7, 8, 9]);
    await expect(read(-1)).rejects.toMatchObject({
      code: "DIAGNOSTICS_FAILED",
      message: "there is no such page",
    });
    await expect(read(5_000)).rejects.toMatchObject({ code: "DIAGNOSTICS_TOO_LARGE" });
    await expect(
      world.settle(inspection.read(Page, { query: { from: "x" } as never })),
    ).rejects.toMatchObject({ code: "DIAGNOSTICS_MALFORMED" });
    const newer = { ...Page, version: 2 };
    await expect(
      world.settle(inspection.read(newer, { query: { from: 1 } })),
    ).rejects.toMatchObject({ code: "DIAGNOSTICS_UNKNOWN" });
    expect(await read(1)).toEqual([1, 2, 3]);
  });

  it("tells the events that are kept, then each that comes, and counts those that are forgotten", async () => {
    const { world, two, inspection } = await inspected();
    const { diagnostics: own } = two.tally.context;
    own.note("first", { n: 1 });
    const events = inspection.events()[Symbol.asyncIterator]();
    expect((await world.settle(events.next())).value).toMatchObject({
      name: "connection.opened",
      facts: { direction: "inbound" },
    });
    expect((await world.settle(events.next())).value).toMatchObject({
      kind: "event",
      sequence: 2,
      name: "first",
      facts: { n: 1 },
    });
    const extra = 10;
    for (let n = 0; n < diagnosticsLimits.eventsMax + extra; n++) own.note("many", { n });
    expect((await world.settle(events.next())).value).toEqual({ kind: "missed", count: extra });
    expect((await world.settle(events.next())).value).toMatchObject({ facts: { n: extra } });
    const late = inspection.events({ after: diagnosticsLimits.eventsMax + extra + 1 });
    const [last] = [await world.settle(late[Symbol.asyncIterator]().next())];
    expect(last?.value).toMatchObject({ facts: { n: diagnosticsLimits.eventsMax + extra - 1 } });
  });

  it("acts with the grant to write alone", async () => {
    const { world, one, two, inspection } = await inspected({ readKey });
    expect(await world.settle(inspection.act(Add, 4))).toBe(4);
    await expect(world.settle(inspection.act(Add, -1))).rejects.toMatchObject({
      code: "DIAGNOSTICS_FAILED",
      message: "only more",
    });
    const reader = await world.settle(one.diagnostics.inspect(two.peer, { key: readKey }));
    await expect(world.settle(reader.act(Add, 1))).rejects.toMatchObject({
      code: "DIAGNOSTICS_REFUSED",
    });
    expect(two.tally.total).toBe(4);
  });

  it("ends what is open when it is closed, or the node goes", async () => {
    const { world, one, two, inspection } = await inspected();
    const events = inspection.events()[Symbol.asyncIterator]();
    inspection.close();
    inspection.close();
    expect((await world.settle(events.next())).done).toBe(true);
    await expect(inspection.read(Tally)).rejects.toMatchObject({ code: "CHANNEL_CLOSED" });
    const other = await world.settle(one.diagnostics.inspect(two.peer, { key: writeKey }));
    const next = other.follow(Tally)[Symbol.asyncIterator]();
    await world.settle(next.next());
    const waiting = next.next();
    waiting.catch(() => {});
    await world.settle(two.close());
    await expect(world.settle(waiting)).rejects.toMatchObject({ code: "CHANNEL_CLOSED" });
  });
});

describe("the entrance", () => {
  const refused = { code: "DIAGNOSTICS_REFUSED" };

  it("is open to this machine for reading, unless that is switched off", async () => {
    const open = new Nodes();
    const { one, two } = await open.pair();
    const inspection = await open.world.settle(one.diagnostics.inspect(two.peer));
    expect(inspection.grant).toBe("read");
    const shut = new Nodes();
    const pair = await shut.pair({ loopback: false });
    await expect(
      shut.world.settle(pair.one.diagnostics.inspect(pair.two.peer)),
    ).rejects.toMatchObject(refused);
  });

  it("takes a key for what it is for: that to read does not write, that to write reads", async () => {
    const nodes = new Nodes();
    const { one, two } = await nodes.pair({ loopback: false, readKey, writeKey });
    const ask = (grant: "read" | "write", key: string): Promise<Inspection> =>
      nodes.world.settle(one.diagnostics.inspect(two.peer, { grant, key }));
    expect((await ask("read", readKey)).grant).toBe("read");
    expect((await ask("read", writeKey)).grant).toBe("read");
    expect((await ask("write", writeKey)).grant).toBe("write");
    await expect(ask("write", readKey)).rejects.toMatchObject(refused);
    await expect(ask("read", "another key altogether")).rejects.toMatchObject(refused);
  });

  it("takes the key that an invite brought, or the node's own, where none is given", async () => {
    const nodes = new Nodes();
    const shut = { loopback: false, readKey, writeKey };
    const two = await nodes.node("two", shut);
    const guest = await nodes.node("guest", {}, [two.invite({ readKey, writeKey })]);
    const reader = await nodes.node("reader", {}, [two.invite({ readKey })]);
    const own = await nodes.node("own", { readKey, writeKey });
    const without = await nodes.node("without", {}, [two.invite()]);
    const ask = async (from: typeof two, grant: "read" | "write"): Promise<Inspection> => {
      await nodes.world.settle(from.tally.context.connect(two.addresses[0] ?? ""));
      return nodes.world.settle(from.diagnostics.inspect(two.peer, { grant }));
    };
    for (const from of [guest, own]) {
      expect((await ask(from, "read")).grant).toBe("read");
      expect((await ask(from, "write")).grant).toBe("write");
    }
    expect((await ask(reader, "read")).grant).toBe("read");
    await expect(ask(reader, "write")).rejects.toMatchObject(refused);
    await expect(ask(without, "read")).rejects.toMatchObject(refused);
  });

  it("does not say the keys to anybody", async () => {
    const nodes = new Nodes();
    const two = await nodes.node("two", { readKey, writeKey });
    const guest = await nodes.node("guest", {}, [two.invite({ readKey, writeKey })]);
    expect(() => two.invite({ readKey: "guess" })).toThrow(/^an inspection key has/);
    for (const node of [two, guest]) {
      const inspection = await nodes.world.settle(node.diagnostics.inspect(node.peer));
      for (const section of [NodeSection, ConnectionsSection, DialsSection, RefusalsSection]) {
        const told = JSON.stringify(await nodes.world.settle(inspection.read(section as never)));
        expect(told).not.toMatch(/mosaik:|of these tests/);
      }
    }
  });

  it("has room for so many of one peer", async () => {
    const nodes = new Nodes();
    const { one, two } = await nodes.pair();
    const inspect = () => nodes.world.settle(one.diagnostics.inspect(two.peer));
    const { inspectionsPerPeerMax } = diagnosticsLimits;
    const open = [];
    for (let count = 0; count < inspectionsPerPeerMax; count++) open.push(await inspect());
    await expect(inspect()).rejects.toMatchObject({ data: { reason: { name: "overloaded" } } });
    open[0]?.close();
    await nodes.world.run(1_000);
    expect((await inspect()).closed).toBe(false);
  });

  it("closes to those who begin and do not go on, and to those who do not begin", async () => {
    const nodes = new Nodes();
    const { one, two } = await nodes.pair();
    const link = await nodes.world.settle(one.tally.context.open(DiagnosticsProtocol, two.peer));
    const ends: string[] = [];
    link.listen({ message: () => {}, closed: ({ name }) => ends.push(name) });
    link.send({ kind: "hello", nonce: new Uint8Array(32) });
    await nodes.world.run(diagnosticsLimits.entranceTimeoutMs + 100);
    const rude = await nodes.world.settle(one.tally.context.open(DiagnosticsProtocol, two.peer));
    rude.listen({ message: () => {}, closed: ({ name }) => ends.push(name) });
    rude.send({ kind: "read", id: 1, name: "node", version: 1 });
    await nodes.world.run(100);
    expect(ends).toEqual(["timeout", "protocol-violation"]);
  });
});

describe("a greedy inspector", () => {
  it("has sections made no more often than others, however many there are", async () => {
    const nodes = new Nodes();
    const { one, two } = await nodes.pair();
    const stop = new AbortController();
    for (let count = 0; count < diagnosticsLimits.inspectionsPerPeerMax; count++) {
      const inspection = await nodes.world.settle(one.diagnostics.inspect(two.peer));
      void (async () => {
        for await (const _ of inspection.follow(Tally, { everyMs: 1, signal: stop.signal }));
      })().catch(() => {});
    }
    await nodes.world.run(10_000);
    stop.abort();
    expect(two.tally.described).toBeLessThanOrEqual(10_000 / diagnosticsLimits.freshMs + 2);
    expect(two.tally.described).toBeGreaterThan(50);
  });

  it("is told that it asks too much, and others are answered", async () => {
    const { world, one, two, inspection } = await inspected();
    const answers = Array.from({ length: diagnosticsLimits.requestsBurst + 50 }, () =>
      inspection.read(Tally).then(
        () => "told",
        ({ code }) => code as string,
      ),
    );
    const told = await world.settle(Promise.all(answers));
    expect(told.filter((outcome) => outcome === "DIAGNOSTICS_BUSY").length).toBeGreaterThan(40);
    const other = await world.settle(one.diagnostics.inspect(two.peer));
    expect(await world.settle(other.read(Tally))).toMatchObject({ total: 0 });
  });
});

test("a key that can be guessed is refused", () => {
  expect(() => diagnostics({ readKey: "short" })).toThrow(RangeError);
});
