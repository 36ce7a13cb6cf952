import { discovery } from "@mosaik/discovery";
import { decodeHex, encodeId, type PeerId, seededRandom } from "@mosaik/primitives";
import { streams } from "@mosaik/streams";
import type { Link } from "@mosaik/transport";
import { frame, frameKinds } from "@mosaik/transport";
import { describe, expect, it } from "vitest";
import { type ManualNode, SimulatedNetwork } from "../../../discovery/test/simulated-network.ts";
import { replay, views } from "../../src/index.ts";
import { type ReplayMessage, ReplayProtocol } from "../../src/replay/wire.ts";
import { NotedLink } from "../noted-link.ts";
import { Account, Bytes, numbered } from "./account.ts";

const services = () => ({
  discovery: discovery(),
  streams: streams(),
  replay: replay(),
  views: views(),
});

function inNetwork(test: (network: SimulatedNetwork) => Promise<void>): Promise<void> {
  const network = new SimulatedNetwork({ latencyMs: [1, 5] });
  return network.run(() => test(network));
}

const data = (bytes = 100): Uint8Array => frame(frameKinds.data, new Uint8Array(bytes));

describe("a keeper", { timeout: 30_000 }, () => {
  /** A keeper of a hundred items, and a node whose hand is free. */
  async function rig(network: SimulatedNetwork) {
    const good = await network.start(services());
    const keeper = await good.replay.keep(Bytes);
    const producer = good.streams.produce(Bytes, { onlineWhen: { atLeast: 0 } });
    await network.until(() => producer.consumers.length === 1);
    for (let n = 0; n < 100; n++) await producer.send(numbered(n));
    await network.until(() => keeper.status.value.items === 100);
    const node = await network.manual();
    await network.until(() => node.discovery.catalog.value.peers.size === 1);
    const ask = {
      kind: "ask",
      stream: encodeId(Bytes.id),
      codec: Bytes.codec.id,
      version: Bytes.version,
      window: 4_096,
      entry: node.discovery.signedEntry,
    } as const;
    const fetch = {
      kind: "fetch",
      producer: encodeId(good.peer),
      incarnation: decodeHex(producer.position.incarnation),
      from: 0,
      to: 100,
    } as const;
    const open = async () => new NotedLink(await node.context.open(ReplayProtocol, good.peer));
    return { good, open, ask, fetch };
  }

  /** A reader that is honest gets everything all the same. */
  async function expectServing(network: SimulatedNetwork, peer: PeerId): Promise<void> {
    const account = new Account((await network.start(services())).replay.consume(Bytes));
    await network.until(() => account.next(peer) === 100, 20_000);
    expect(account.story).toEqual(["items 0 to 99"]);
  }

  it("does not wait for ever for who asks nothing", () =>
    inNetwork(async (network) => {
      const { good, open } = await rig(network);
      const noted = await open();
      await network.until(() => noted.reason !== undefined, 20_000);
      expect(noted.reason).toMatchObject({ name: "timeout", by: "remote" });
      await expectServing(network, good.peer);
    }));

  it.each(["fetch first", "ask twice", "credit", "data", "an answer", "a flood of fetches"])(
    "sends a reader away that breaks the rules: %s",
    (what) =>
      inNetwork(async (network) => {
        const { good, open, ask, fetch } = await rig(network);
        const noted = await open();
        const { link } = noted;
        if (what === "fetch first") link.send(fetch);
        else link.send(ask);
        if (what === "ask twice") link.send(ask);
        if (what === "credit") link.send({ kind: "credit", bytes: 1 });
        if (what === "data") link.sendData(data());
        if (what === "an answer") link.send({ kind: "fetched" });
        if (what === "a flood of fetches") for (let n = 0; n < 100; n++) link.send(fetch);
        await network.until(() => noted.reason !== undefined);
        expect(noted.reason).toMatchObject({ name: "protocol-violation", by: "remote" });
        await expectServing(network, good.peer);
      }),
  );

  it("sends no more than the window to a reader that takes nothing", () =>
    inNetwork(async (network) => {
      const { open, ask, fetch } = await rig(network);
      const { link, ...noted } = await open();
      link.send(ask);
      link.send(fetch);
      await network.sleep(10_000);
      expect(noted.messages.length).toBeLessThan(50);
    }));

  it("answers looks no faster than they are read, and a flood of them not at all", () =>
    inNetwork(async (network) => {
      const { good, open, ask } = await rig(network);
      const noted = await open();
      noted.link.send(ask);
      for (let n = 0; n < 50; n++) noted.link.send({ kind: "look" });
      await network.until(() => noted.messages.length === 50);
      expect(noted.reason).toBeUndefined();
      await expectServing(network, good.peer);
    }));

  it("asks again who may read when the catalog says something else of a reader", () =>
    inNetwork(async (network) => {
      const good = await network.start(services());
      await good.replay.keep(Bytes, { accept: ({ tags }) => !tags.has("banned") });
      const node = await network.manual();
      await network.until(() => node.discovery.catalog.value.peers.size === 1);
      const noted = new NotedLink(await node.context.open(ReplayProtocol, good.peer));
      noted.link.send({
        kind: "ask",
        stream: encodeId(Bytes.id),
        codec: Bytes.codec.id,
        version: Bytes.version,
        window: 4_096,
        entry: node.discovery.signedEntry,
      });
      noted.link.send({ kind: "look" });
      await network.until(() => noted.messages.length === 1);
      node.discovery.addTags("banned");
      await network.until(() => noted.reason !== undefined, 20_000);
      expect(noted.reason).toMatchObject({ name: "not-allowed", by: "remote" });
    }));
});

describe("a reader of history", { timeout: 30_000 }, () => {
  type Lie = (link: Link<ReplayMessage>, message: ReplayMessage, fetch: Uint8Array) => void;

  const incarnation = new Uint8Array(8).fill(1);

  const lies: Record<string, Lie> = {
    "says nothing": () => {},
    "answers what was not asked": (link) => link.send({ kind: "fetched" }),
    asks: (link) => link.send({ kind: "look" }),
    "sends data out of turn": (link) => void link.sendData(data()),
    "has a run that ends before it begins": (link, message, producer) => {
      if (message.kind !== "look") return;
      const source = { producer, incarnation, first: 9, end: 3 };
      link.send({ kind: "index", sources: [source], more: false });
    },
    "has runs without end": (link, message, producer) => {
      if (message.kind !== "look") return;
      const sources = Array.from({ length: 128 }, () => ({
        producer,
        incarnation,
        first: 0,
        end: 3,
      }));
      for (let part = 0; part < 34; part++) link.send({ kind: "index", sources, more: true });
    },
    "has a gap where there is none": (link, message, producer) => {
      promise(link, message, producer);
      if (message.kind === "fetch") link.send({ kind: "gap", to: message.from });
    },
    "sends more than it said": (link, message, producer) => {
      promise(link, message, producer);
      if (message.kind !== "fetch") return;
      link.send({ kind: "block", items: 1, at: 1 });
      for (let n = 0; n < 3; n++) link.sendData(frame(frameKinds.data, numbered(n)));
    },
    "promises, and ends with nothing": (link, message, producer) => {
      promise(link, message, producer);
      if (message.kind === "fetch") link.send({ kind: "fetched" });
    },
    "stops in the middle of a block": (link, message, producer) => {
      promise(link, message, producer);
      if (message.kind !== "fetch") return;
      link.send({ kind: "block", items: 10, at: 1 });
      link.send({ kind: "fetched" });
    },
  };

  function promise(link: Link<ReplayMessage>, message: ReplayMessage, producer: Uint8Array): void {
    if (message.kind !== "look") return;
    const source = { producer, incarnation, first: 0, end: 10 };
    link.send({ kind: "index", sources: [source], more: false });
  }

  it.each(Object.entries(lies))(
    "is told all, exactly, by an honest keeper beside one that %s",
    (name, lie) =>
      inNetwork(async (network) => {
        const good = await network.start(services());
        const keeper = await good.replay.keep(Bytes);
        const producer = good.streams.produce(Bytes, { onlineWhen: { atLeast: 0 } });
        await network.until(() => producer.consumers.length === 1);
        for (let n = 0; n < 100; n++) await producer.send(numbered(n));
        await network.until(() => keeper.status.value.items === 100);
        const bad = await network.manual();
        const links: NotedLink<ReplayMessage>[] = [];
        const unknown = seededRandom(7).bytes(32); // a producer that nobody has met
        bad.context.serve(ReplayProtocol, (link) => {
          links.push(new NotedLink(link, (message) => lie(link, message, unknown)));
        });
        bad.discovery.offer("stream.keeper", Bytes.id);
        const node = await network.start(services());
        await network.until(() => node.discovery.catalog.value.peers.size === 2);
        const account = new Account(node.replay.consume(Bytes));
        await network.until(() => account.next(good.peer) === 100, 30_000);
        expect(account.faults).toEqual([]);
        expect(account.story).toContain("items 0 to 99");
        await network.until(() => links.some(({ reason }) => reason !== undefined), 60_000);
        const [first] = links.flatMap(({ reason }) => (reason === undefined ? [] : [reason.name]));
        const isPatient = name === "says nothing" || name === "promises, and ends with nothing";
        if (!isPatient) expect(first).toBe("protocol-violation");
      }),
  );

  it.each([
    ["an item now and then", 1],
    ["an item now and then, each as an answer of its own", 2],
  ])("is not held up by keepers that dribble: %s", (_, kind) =>
    inNetwork(async (network) => {
      const good = await network.start(services());
      const keeper = await good.replay.keep(Bytes, { items: 10_000 });
      const producer = good.streams.produce(Bytes, { onlineWhen: { atLeast: 0 } });
      await network.until(() => producer.consumers.length === 1);
      for (let n = 0; n < 1_000; n++) await producer.send(numbered(n));
      await network.until(() => keeper.status.value.items === 1_000);
      const source = {
        producer: encodeId(good.peer),
        incarnation: decodeHex(producer.position.incarnation),
        first: 0,
        end: 1_000,
      };
      let given = 0;
      const dribble = (link: Link<ReplayMessage>, bad: ManualNode, from: number, to: number) => {
        if (link.closed) return;
        if (from < to) {
          given++;
          link.send({ kind: "block", items: 1, at: 1 });
          link.sendData(frame(frameKinds.data, numbered(from)));
        }
        if (from >= to || kind === 2) link.send({ kind: "fetched" });
        else bad.context.clock.after(4_000, () => dribble(link, bad, from + 1, to));
      };
      for (let n = 0; n < 3; n++) {
        const bad = await network.manual();
        bad.context.serve(ReplayProtocol, (link) => {
          const answer = (message: ReplayMessage): void => {
            if (message.kind === "look")
              link.send({ kind: "index", sources: [source], more: false });
            if (message.kind !== "fetch") return;
            const { from, to } = message;
            if (kind === 1) dribble(link, bad, from, Math.min(to, 1_000));
            else bad.context.clock.after(4_000, () => dribble(link, bad, from, to));
          };
          new NotedLink(link, answer);
        });
        bad.discovery.offer("stream.keeper", Bytes.id);
      }
      const node = await network.start(services());
      await network.until(() => node.discovery.catalog.value.peers.size === 4);
      const account = new Account(node.replay.consume(Bytes));
      await network.until(() => account.next(good.peer) === 1_000, 60_000);
      expect(account.faults).toEqual([]);
      expect(account.story).toEqual(["items 0 to 999"]);
      expect(given).toBeGreaterThan(0);
    }),
  );
});
