import { ed25519 } from "@mosaik/primitives/system";
import { World } from "@mosaik/testing";
import { describe, expect, it } from "vitest";
import { linkBacklogBytesMax } from "../src/config.ts";
import { frame, frameKinds } from "../src/core/framing.ts";
import {
  type CloseReason,
  type Connection,
  createNetwork,
  type TransportFactory,
} from "../src/index.ts";
import { createMemoryNetwork, type MemoryNetwork } from "../src/memory/index.ts";
import { moveProtocol, moveTokenBytes } from "../src/shell/moves.ts";
import { type EchoLink, type EchoNode, EchoProtocol, echo } from "./net/echo.ts";

/** Two nodes in virtual time. Connections go through a relay for now, as far as they know. */
class Pair {
  readonly world: World;
  readonly memory: MemoryNetwork;
  /** Connections that the first node made, the makeshift ones included. */
  readonly dialled: Connection[] = [];
  readonly seen: string[] = [];
  readonly reasons: CloseReason[] = [];
  isRelayed = true;

  constructor(seed = 1) {
    this.world = new World({ seed });
    this.memory = createMemoryNetwork({
      clock: this.world.clock(),
      random: this.world.random("network"),
      latencyMs: [1, 20],
    });
  }

  async start(): Promise<{ ada: EchoNode; ben: EchoNode; link: EchoLink }> {
    const [ada, ben] = [await this.#node(1), await this.#node(2)];
    ada.echo.context.setAddresses(ben.peer, ben.addresses);
    const link = await this.world.settle(ada.echo.context.open(EchoProtocol, ben.peer));
    link.listen({
      message: (text) => this.seen.push(text),
      closed: (reason) => this.reasons.push(reason),
    });
    return { ada, ben, link };
  }

  #node(seed: number): Promise<EchoNode> {
    const { world } = this;
    const system = { clock: world.clock(), random: world.random(`node ${seed}`), ed25519 };
    return world.settle(
      createNetwork({
        network: "echo",
        secretKey: new Uint8Array(32).fill(seed),
        transport: this.#transport,
        services: { echo: echo() },
        system,
      }),
    );
  }

  readonly #transport: TransportFactory = async (context) => {
    const inner = await this.memory.transport()(context);
    return {
      peer: inner.peer,
      addresses: inner.addresses,
      start: (listener) =>
        inner.start({
          ...listener,
          connected: (connection) => listener.connected(this.#marked(connection)),
        }),
      serve: (protocol, traits) => inner.serve(protocol, traits),
      dial: async (target, options) => {
        const connection = this.#marked(await inner.dial(target, options));
        this.dialled.push(connection);
        return connection;
      },
      close: () => inner.close(),
    };
  };

  #marked(connection: Connection): Connection {
    const mark = { address: "/memory/relay/p2p-circuit", makeshift: true };
    return this.isRelayed ? Object.assign(connection, mark) : connection;
  }
}

const texts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `message ${from + index}`);

describe("a link through a relay", () => {
  it.each([1, 2, 3, 4])(
    "goes on over a straight connection once there is one, nothing lost or told twice (seed %i)",
    async (seed) => {
      const pair = new Pair(seed);
      const { ada, ben, link } = await pair.start();
      const all = texts(0, 1_500);
      pair.isRelayed = false;
      for (const [index, text] of all.entries()) {
        link.send(text);
        if (index % 5 === 0) await pair.world.run(10);
      }
      await pair.world.runUntil(() => pair.seen.length === all.length);
      expect(pair.seen).toEqual(all);
      for (const node of [ada, ben]) {
        const other = node === ada ? ben : ada;
        expect(node.connections.value.get(other.peer)?.address).not.toContain("p2p-circuit");
      }
      const [relayed] = pair.dialled;
      let closed = false;
      relayed?.onClose(() => {
        closed = true;
      });
      await pair.world.run(65_000);
      expect(closed, "the connection through the relay is closed").toBe(true);
      link.send("still here");
      await pair.world.runUntil(() => pair.seen.at(-1) === "still here");
      expect(ada.connections.value.size).toBe(1);
    },
  );

  it("is closed in order whenever the move is under way: what was said before is heard, and why", async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const pair = new Pair(seed);
      const { ben, link } = await pair.start();
      pair.isRelayed = false;
      await pair.world.runUntil(() => pair.dialled.length === 2);
      await pair.world.run(seed * 2);
      const [served] = ben.echo.served;
      if (seed % 2 === 0) {
        for (const text of texts(0, 20)) link.send(text);
        link.close("tired");
        await pair.world.runUntil(() => ben.echo.closed.length === 1);
        expect(ben.echo.closed).toMatchObject([{ name: "tired", by: "remote" }]);
        expect(ben.echo.heard).toEqual(texts(0, 20));
      } else {
        for (const text of texts(0, 20)) served?.send(text);
        served?.close("tired");
        await pair.world.runUntil(() => pair.reasons.length === 1);
        expect(pair.reasons).toMatchObject([{ name: "tired", by: "remote" }]);
        expect(pair.seen).toEqual(texts(0, 20));
      }
    }
  });

  it("stays there while nothing better is found, which is tried ever more rarely", async () => {
    const pair = new Pair();
    const { link } = await pair.start();
    const tries: number[] = [];
    for (const minutes of [1, 9, 50]) {
      await pair.world.run(minutes * 60_000);
      tries.push(pair.dialled.length - 1);
    }
    expect(tries[0]).toBeGreaterThanOrEqual(4);
    expect(tries[2]).toBeLessThanOrEqual(22);
    expect(pair.reasons).toEqual([]);
    link.send("here");
    await pair.world.runUntil(() => pair.seen.length === 1);
  });

  it("is sought a better one again after that was lost", async () => {
    const pair = new Pair();
    const { ada, ben } = await pair.start();
    pair.isRelayed = false;
    const isStraight = () =>
      ada.connections.value.get(ben.peer)?.address.includes("p2p-circuit") === false;
    await pair.world.runUntil(isStraight);
    pair.dialled[1]?.abort();
    await pair.world.runUntil(() => !isStraight());
    await pair.world.runUntil(isStraight);
    expect(pair.dialled).toHaveLength(3);
  });
});

describe("whoever cheats with moves", () => {
  const lastFrame = frame(frameKinds.moved, new Uint8Array(moveTokenBytes));

  it("and goes nowhere loses its link", async () => {
    const pair = new Pair();
    const { ben, link } = await pair.start();
    link.sendData(lastFrame);
    await pair.world.runUntil(() => ben.echo.closed.length === 1);
    expect(ben.echo.closed).toMatchObject([{ name: "lost" }]);
  });

  it("and answers what nobody asked is told so", async () => {
    const pair = new Pair();
    const { ben } = await pair.start();
    ben.echo.served[0]?.sendData(lastFrame);
    await pair.world.runUntil(() => ben.echo.closed.length === 1);
    expect(ben.echo.closed).toMatchObject([{ name: "protocol-violation", by: "remote" }]);
  });

  it.each([
    { title: "has a channel for no link", bytes: moveTokenBytes },
    { title: "does not say for which", bytes: moveTokenBytes - 1 },
    { title: "fills a channel for no link", bytes: linkBacklogBytesMax + 100 },
  ])("and $title has it cut", async ({ bytes }) => {
    const pair = new Pair();
    await pair.start();
    const open = pair.dialled[0]?.open(moveProtocol, { signal: new AbortController().signal });
    const channel = await pair.world.settle(Promise.resolve(open));
    let isCut = false;
    channel?.listen({ received: () => {}, drained: () => {}, ended: () => (isCut = true) });
    for (let left = bytes; left > 0; left -= 60_000) {
      channel?.write(new Uint8Array(Math.min(left, 60_000)));
    }
    await pair.world.runUntil(() => isCut);
  });
});
