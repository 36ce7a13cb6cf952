import { discovery } from "@mosaik/discovery";
import { encodeId } from "@mosaik/primitives";
import { defineStream, streams } from "@mosaik/streams";
import { frame, frameKinds, type Link } from "@mosaik/transport";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SimulatedNetwork } from "../../../discovery/test/simulated-network.ts";
import { defineView, replay, views } from "../../src/index.ts";
import { watchedKeysMax, windowBytes } from "../../src/view/config.ts";
import { encodeEntry } from "../../src/view/core/entry-frames.ts";
import { offsetsPerPart, type ViewMessage, ViewProtocol } from "../../src/view/wire.ts";
import { NotedLink } from "../noted-link.ts";

const Word = defineStream("word", { schema: z.string() });

/** How often each word was said. */
const Words = defineView({
  name: "words",
  from: Word,
  key: (word) => word.slice(0, 100),
  initial: () => "",
  reduce: (_, word) => word,
});

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

/** A node that folds and serves a view of so many words. */
async function server(network: SimulatedNetwork, count = 100, bytes = 10) {
  const good = await network.start(services());
  const producer = good.streams.produce(Word, { onlineWhen: { atLeast: 0 } });
  const view = good.views.fold(Words, { serve: ({ tags }) => !tags.has("banned") });
  await view.when.ready();
  for (let n = 0; n < count; n++) await producer.send(`word ${n} `.padEnd(bytes, "x"));
  await view.when.reaches(new Map([[good.peer, producer.position]]));
  return { good, producer, view };
}

type Server = Awaited<ReturnType<typeof server>>;

/** A reader that is honest gets everything all the same. */
async function expectServing(network: SimulatedNetwork, { view }: Server): Promise<void> {
  const read = (await network.start(services())).views.read(Words);
  await network.until(() => read.when.ready().met && read.hash() === view.hash(), 30_000);
}

describe("a node that serves a view", { timeout: 30_000 }, () => {
  async function rig(network: SimulatedNetwork, count?: number, bytes?: number) {
    const serving = await server(network, count, bytes);
    const node = await network.manual();
    await network.until(() => node.discovery.catalog.value.peers.size === 1);
    const ask = {
      kind: "ask",
      view: encodeId(Words.id),
      entry: node.discovery.signedEntry,
    } as const;
    const open = async () =>
      new NotedLink(await node.context.open(ViewProtocol, serving.good.peer));
    return { serving, node, ask, open };
  }

  it("does not wait for ever for who asks nothing", () =>
    inNetwork(async (network) => {
      const { serving, open } = await rig(network);
      const noted = await open();
      await network.until(() => noted.reason !== undefined, 20_000);
      expect(noted.reason).toMatchObject({ name: "timeout", by: "remote" });
      await expectServing(network, serving);
    }));

  const cut: ViewMessage = { kind: "cut", version: [], more: false, missed: 0 };

  it.each(["credit first", "a cut first", "data first", "ask twice", "credit", "a cut", "data"])(
    "sends a reader away that breaks the rules: %s",
    (what) =>
      inNetwork(async (network) => {
        const { serving, open, ask } = await rig(network);
        const noted = await open();
        const { link } = noted;
        if (!what.endsWith(" first")) link.send(ask);
        if (what.startsWith("credit")) link.send({ kind: "credit", bytes: windowBytes });
        if (what.startsWith("a cut")) link.send(cut);
        if (what.startsWith("data")) link.sendData(frame(frameKinds.data, new Uint8Array(100)));
        if (what === "ask twice") link.send(ask);
        await network.until(() => noted.reason !== undefined);
        expect(noted.reason).toMatchObject({ name: "protocol-violation", by: "remote" });
        await expectServing(network, serving);
      }),
  );

  it("says that it has no such view", () =>
    inNetwork(async (network) => {
      const { open, ask } = await rig(network);
      const noted = await open();
      noted.link.send({ ...ask, view: new Uint8Array(32) });
      await network.until(() => noted.reason !== undefined);
      expect(noted.reason).toMatchObject({ name: "not-found", by: "remote" });
    }));

  it("sends no more than the window to a reader that takes nothing, however much changes", () =>
    inNetwork(async (network) => {
      const { serving, open, ask } = await rig(network, 700, 10_000);
      const noted = await open();
      noted.link.send(ask);
      await network.sleep(5_000);
      for (let n = 0; n < 300; n++) await serving.producer.send(`more ${n} `.padEnd(10_000, "x"));
      await network.sleep(5_000);
      expect(noted.bytes).toBeGreaterThan(windowBytes / 2);
      expect(noted.bytes).toBeLessThanOrEqual(windowBytes);
      expect(noted.messages).toEqual([]);
      expect(noted.reason).toBeUndefined();
      await expectServing(network, serving);
    }));

  it("asks again who may read when the catalog says something else of a reader", () =>
    inNetwork(async (network) => {
      const { node, open, ask } = await rig(network);
      const noted = await open();
      noted.link.send(ask);
      await network.until(() => noted.messages.length === 1);
      node.discovery.addTags("banned");
      await network.until(() => noted.reason !== undefined, 20_000);
      expect(noted.reason).toMatchObject({ name: "not-allowed", by: "remote" });
    }));
});

describe("a reader of a view", { timeout: 30_000 }, () => {
  type Lie = (link: Link<ViewMessage>, every: (ms: number, run: () => void) => void) => void;

  const entry = (key: string, value: unknown) =>
    encodeEntry({ key, value }, Words.codec as Parameters<typeof encodeEntry>[1]);
  const raw = (...bytes: number[]) => frame(frameKinds.data, Uint8Array.from(bytes));
  const part = (seed: number) => ({
    kind: "cut" as const,
    version: Array.from({ length: offsetsPerPart }, (_, at) => ({
      producer: new Uint8Array(32)
        .fill(at, 0, 1)
        .fill(seed, 1, 2)
        .fill(seed >>> 8, 2, 3),
      incarnation: new Uint8Array(8),
      sequence: 1,
    })),
    more: true,
    missed: 0,
  });

  const cutOfNothing: ViewMessage = { kind: "cut", version: [], more: false, missed: 0 };

  const breaks: Record<string, Lie> = {
    "asks for a view itself": (link) =>
      link.send({ kind: "ask", view: encodeId(Words.id), entry: Uint8Array.of(1) }),
    "gives credit": (link) => link.send({ kind: "credit", bytes: 1 }),
    "sends an entry without a key": (link) => void link.sendData(raw(0)),
    "sends a key that ends after the entry": (link) => void link.sendData(raw(9, 9, 1)),
    "sends a key that is no text": (link) => void link.sendData(raw(0, 1, 0xff, 0)),
    "sends a key that is too long": (link) => void link.sendData(entry("k".repeat(2_000), "")),
    "sends a value that does not decode": (link) => void link.sendData(raw(0, 1, 0x61, 1, 1)),
    "sends a value of an entry that is gone": (link) => void link.sendData(raw(0, 1, 0x61, 0, 1)),
    "has more producers than there are": (link) => {
      for (let n = 0; n < 300; n++) link.send(part(n));
    },
  };

  const stalls: Record<string, Lie> = {
    "says nothing": () => {},
    "sends an entry, and never a whole state": (link) => void link.sendData(entry("k", "")),
    "begins to say a version, again and again": (link) => {
      for (let n = 0; n < 10; n++) link.send(part(1));
    },
    "dribbles entries, and never says that they are all": (link, every) => {
      let n = 0;
      every(1_000, () => void link.sendData(entry(`k${n++}`, "")));
    },
    "sends the same entry for ever": (link, every) =>
      every(10, () => void link.sendData(entry("k", "x".repeat(10_000)))),
    "takes an entry back and sends it again for ever": (link, every) => {
      let n = 0;
      every(10, () => void link.sendData(entry("k", n++ % 2 ? undefined : "x".repeat(10_000))));
    },
    "has a state, and dribbles changes to it": (link, every) => {
      link.send(cutOfNothing);
      every(1_000, () => void link.sendData(entry("k", "")));
    },
  };

  async function beside(network: SimulatedNetwork, lie: Lie): Promise<NotedLink<ViewMessage>[]> {
    const serving = await server(network);
    const bad = await network.manual();
    const links: NotedLink<ViewMessage>[] = [];
    bad.context.serve(ViewProtocol, (link) => {
      const noted = new NotedLink(link, ({ kind }) => kind === "ask" && lie(link, every));
      const every = (ms: number, run: () => void): void => {
        if (noted.reason !== undefined) return;
        run();
        bad.context.clock.after(ms, () => every(ms, run));
      };
      links.push(noted);
    });
    bad.discovery.offer("view.server", Words.id);
    const node = await network.start(services());
    await network.until(() => node.discovery.catalog.value.peers.size === 2);
    const readers = [node, await network.start(services())].map(({ views }) => views.read(Words));
    // Whichever server they try first: they end with the honest one's state.
    await network.until(() => readers.every((read) => read.hash() === serving.view.hash()), 60_000);
    await serving.producer.send("another");
    await network.until(() => readers.every((read) => read.has("another")), 60_000);
    expect(links.length).toBeGreaterThan(0);
    return links;
  }

  it.each(Object.entries(breaks))("has the view of an honest server beside one that %s", (_, lie) =>
    inNetwork(async (network) => {
      for (const { reason } of await beside(network, lie)) {
        expect(reason).toMatchObject({ name: "protocol-violation", by: "remote" });
      }
    }),
  );

  it.each(Object.entries(stalls))("has the view of an honest server beside one that %s", (_, lie) =>
    inNetwork(async (network) => {
      for (const { reason } of await beside(network, lie)) {
        expect(reason).toMatchObject({ name: "timeout", by: "remote" });
      }
    }),
  );

  it("has the view of a server that is slow, where there is no other", () =>
    inNetwork(async (network) => {
      const slow = await network.manual();
      let links = 0;
      slow.context.serve(ViewProtocol, (link) => {
        links++;
        const next = (n: number): void => {
          if (noted.reason !== undefined) return;
          if (n === 30) return void link.send(cutOfNothing);
          link.sendData(entry(`k${n}`, ""));
          slow.context.clock.after(1_000, () => next(n + 1));
        };
        const noted = new NotedLink(link, ({ kind }) => kind === "ask" && next(0));
      });
      slow.discovery.offer("view.server", Words.id);
      const read = (await network.start(services())).views.read(Words);
      await network.until(() => read.size === 30, 90_000);
      expect(links).toBe(3); // ten seconds, twenty, forty
    }));

  it("is told to read all anew where a server says of more than is remembered that it is gone", () =>
    inNetwork(async (network) => {
      const odd = await network.manual();
      odd.context.serve(ViewProtocol, (link) => {
        const noted = new NotedLink(link, ({ kind }) => {
          if (kind === "credit") return;
          link.send(cutOfNothing);
          const gone = Array.from({ length: watchedKeysMax + 1 }, (_, n) =>
            entry(`${n}`, undefined),
          );
          for (const frames of gone) link.sendData(frames);
          link.send({ ...cutOfNothing, missed: 1 });
        });
        void noted;
      });
      odd.discovery.offer("view.server", Words.id);
      const read = (await network.start(services())).views.read(Words);
      const told = read.watch()[Symbol.asyncIterator]();
      expect((await told.next()).value).toMatchObject({ isResync: true });
      await network.until(() => read.missed === 1);
      expect((await told.next()).value).toMatchObject({ isResync: true });
    }));
});
