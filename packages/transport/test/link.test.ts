import type { PeerId } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import { World } from "@mosaik/testing";
import { describe, expect, it } from "vitest";
import { coalesceBytesMax, linkBacklogBytesMax } from "../src/config.ts";
import { frame, frameHeaderBytes, frameKinds, frameLength } from "../src/core/framing.ts";
import { type CloseReason, createNetwork } from "../src/index.ts";
import { createMemoryNetwork, type MemoryNetwork } from "../src/memory/index.ts";
import { type EchoLink, type EchoNode, EchoProtocol, echo } from "./net/echo.ts";

interface Seen {
  readonly messages: string[];
  readonly frames: Uint8Array[];
  readonly reasons: CloseReason[];
  drained: number;
}

function watch(link: EchoLink): Seen {
  const seen: Seen = { messages: [], frames: [], reasons: [], drained: 0 };
  link.listen({
    message: (text) => seen.messages.push(text),
    data(frames, count) {
      let offset = 0;
      for (let index = 0; index < count; index++) {
        const end = offset + frameHeaderBytes + frameLength(frames, offset);
        seen.frames.push(frames.subarray(offset + frameHeaderBytes, end));
        offset = end;
      }
    },
    drained: () => {
      seen.drained++;
    },
    closed: (reason) => seen.reasons.push(reason),
  });
  return seen;
}

/** Two nodes in a world of virtual time, and a way to make a link between them. */
class Pair {
  readonly world = new World({ seed: 1 });
  readonly memory: MemoryNetwork = createMemoryNetwork({
    clock: this.world.clock(),
    random: this.world.random("network"),
    latencyMs: [1, 3],
  });
  accepted: EchoLink[] = [];

  async node(seed: number, connections = {}): Promise<EchoNode> {
    const system = {
      clock: this.world.clock(),
      random: this.world.random(`node ${seed}`),
      ed25519,
    };
    return this.world.settle(
      createNetwork({
        network: "echo",
        secretKey: new Uint8Array(32).fill(seed),
        transport: this.memory.transport(),
        services: { echo: echo() },
        connections,
        system,
      }),
    );
  }

  async link(from: EchoNode, to: EchoNode): Promise<EchoLink> {
    const peer = await this.world.settle(from.echo.context.connect(to.addresses[0] ?? ""));
    return this.world.settle(from.echo.context.open(EchoProtocol, peer));
  }
}

/** As the echo protocol, for a test that serves it itself. */
const BulkProtocol = { ...EchoProtocol, id: "/mosaik/test/bulk/1" };

const data = (bytes: number): Uint8Array => frame(frameKinds.data, new Uint8Array(bytes));

describe("a link", () => {
  it("brings the messages of one turn in order", async () => {
    const pair = new Pair();
    const link = await pair.link(await pair.node(1), await pair.node(2));
    const seen = watch(link);
    const texts = Array.from({ length: 500 }, (_, index) => `message ${index}`);
    for (const text of texts) link.send(text);
    await pair.world.runUntil(() => seen.messages.length === texts.length);
    expect(seen.messages).toEqual(texts);
  });

  it("sends what was given before it was closed, then the reason", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const link = await pair.link(ada, ben);
    const seen = watch(link);
    for (let index = 0; index < 100; index++) link.send("x");
    link.close("tired", "good night");
    expect(seen.reasons).toEqual([{ code: 100, name: "tired", text: "good night", by: "local" }]);
    expect(link.closed).toBe(true);
    await pair.world.runUntil(() => ben.echo.closed.length > 0);
    expect(ben.echo.closed).toEqual([
      { code: 100, name: "tired", text: "good night", by: "remote" },
    ]);
  });

  it("is closed once, and deaf and dumb from then on", async () => {
    const pair = new Pair();
    const link = await pair.link(await pair.node(1), await pair.node(2));
    const seen = watch(link);
    link.send("never heard");
    link.close();
    link.close("tired");
    expect(link.send("late")).toBe(true);
    await pair.world.run(1_000);
    expect(seen.messages).toEqual([]);
    expect(seen.reasons.map((reason) => reason.name)).toEqual(["done"]);
  });

  it("closed by a lost connection says so, to both ends", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const seen = watch(await pair.link(ada, ben));
    pair.memory.kill(ben.peer);
    await pair.world.runUntil(() => seen.reasons.length > 0);
    expect(seen.reasons).toMatchObject([{ name: "lost", by: "transport" }]);
    expect(ada.connections.value.size).toBe(0);
  });

  it("without a listener for data takes data for a violation", async () => {
    const pair = new Pair();
    const link = await pair.link(await pair.node(1), await pair.node(2));
    const seen = watch(link);
    link.sendData(data(10));
    await pair.world.runUntil(() => seen.reasons.length > 0);
    expect(seen.reasons).toMatchObject([{ name: "protocol-violation", by: "remote" }]);
  });

  it("refuses a frame beyond the protocol's limit", async () => {
    const pair = new Pair();
    const link = await pair.link(await pair.node(1), await pair.node(2));
    const seen = watch(link);
    link.sendData(data(EchoProtocol.dataBytesMax + 1));
    await pair.world.runUntil(() => seen.reasons.length > 0);
    expect(seen.reasons).toMatchObject([{ name: "frame-too-large", by: "remote" }]);
  });

  it("refuses to send a message beyond the protocol's limit, and lives on", async () => {
    const pair = new Pair();
    const link = await pair.link(await pair.node(1), await pair.node(2));
    const seen = watch(link);
    const tooLarge = expect.objectContaining({ code: "MESSAGE_TOO_LARGE" });
    expect(() => link.send("x".repeat(2_000))).toThrow(tooLarge);
    link.send("small");
    await pair.world.runUntil(() => seen.messages.length > 0);
  });

  it("says when it is full and when there is room again", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const link = await pair.link(ada, ben);
    const seen = watch(link);
    const stalled = pair.memory.stall(ada.peer, ben.peer);
    let sent = 0;
    while (link.sendData(data(coalesceBytesMax - frameHeaderBytes - 100))) sent++;
    expect(link.full).toBe(true);
    expect(sent).toBeGreaterThan(0);
    await pair.world.run(1_000);
    expect(seen.drained).toBe(0);
    stalled[Symbol.dispose]();
    await pair.world.runUntil(() => seen.drained > 0 || seen.reasons.length > 0);
  });

  it("that nobody reads is given up before it eats the memory", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const link = await pair.link(ada, ben);
    const seen = watch(link);
    pair.memory.stall(ada.peer, ben.peer);
    const lot = data(60_000);
    for (let bytes = 0; bytes < linkBacklogBytesMax + 2 ** 20; bytes += lot.byteLength) {
      link.sendData(lot);
    }
    expect(seen.reasons).toMatchObject([{ name: "overloaded", by: "local" }]);
  });

  it("survives a listener that throws: the link ends, the connection stays", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const link = await pair.link(ada, ben);
    const reasons: string[] = [];
    link.listen({
      message: () => {
        throw new Error("a bug of the user");
      },
      closed: (reason) => reasons.push(reason.name),
    });
    link.send("echo me");
    await pair.world.runUntil(() => reasons.length > 0);
    expect(reasons).toEqual(["internal"]);
    expect(ada.connections.value.has(ben.peer)).toBe(true);
  });
});

describe("a connection", () => {
  it("without links is closed after a while by the side that dialled", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1, { idleMs: 10_000 }), await pair.node(2)];
    const lost: string[] = [];
    ben.echo.context.onDisconnect((_peer, reason) => lost.push(reason.name));
    await pair.world.settle(ada.echo.context.connect(ben.addresses[0] ?? ""));
    await pair.world.run(9_000);
    expect(lost).toEqual([]);
    await pair.world.run(5_000);
    expect(lost).toEqual(["idle"]);
    expect(ada.connections.value.size + ben.connections.value.size).toBe(0);
  });

  it("to a peer that falls silent is given up in time, one to a busy peer is not", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const lost: [number, string][] = [];
    ada.echo.context.onDisconnect((_peer, reason) => {
      lost.push([pair.world.elapsedMs, reason.name]);
    });
    await pair.link(ada, ben);
    await pair.world.run(30_000);
    expect(lost).toEqual([]);
    const frozenAt = pair.world.elapsedMs;
    pair.memory.freeze(ben.peer);
    await pair.world.runUntil(() => lost.length > 0);
    expect(lost[0]?.[1]).toBe("timeout");
    expect((lost[0]?.[0] ?? 0) - frozenAt).toBeLessThan(8_000);
  });

  it("of a node that goes away is gone with all its others, for that reason", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const lost: string[] = [];
    ada.echo.context.onDisconnect((_peer, reason) => lost.push(reason.name));
    const dials = [
      ada.echo.context.connect(ben.addresses[0] ?? ""),
      ben.echo.context.connect(ada.addresses[0] ?? ""),
    ];
    await pair.world.settle(Promise.all(dials));
    await pair.world.settle(ben.close());
    await pair.world.run(100);
    expect(lost).toEqual(["going-away"]);
    expect(ada.connections.value.size).toBe(0);
  });

  it("of a node that goes away still brings what was sent on any of them", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const links: EchoLink[] = [];
    const seen: Seen[] = [];
    ada.echo.context.serve(BulkProtocol, (link) => seen.push(watch(link)));
    const dials = [
      ada.echo.context.connect(ben.addresses[0] ?? ""),
      ben.echo.context.connect(ada.addresses[0] ?? ""),
    ];
    await pair.world.settle(Promise.all(dials));
    for (let index = 0; index < 4; index++) {
      links.push(await pair.world.settle(ben.echo.context.open(BulkProtocol, ada.peer)));
    }
    for (const link of links) for (let n = 0; n < 50; n++) link.sendData(data(60_000));
    await pair.world.settle(ben.close());
    await pair.world.run(10_000);
    expect(seen.map(({ frames }) => frames.length)).toEqual([50, 50, 50, 50]);
    expect(seen.flatMap(({ reasons }) => reasons.map(({ name }) => name))).toEqual(
      Array(4).fill("going-away"),
    );
    expect(ada.connections.value.size).toBe(0);
  });

  it("is shared by all who dial at once", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    const address = ben.addresses[0] ?? "";
    await pair.world.settle(
      Promise.all(Array.from({ length: 20 }, () => ada.echo.context.connect(address))),
    );
    expect(ben.connections.value.size).toBe(1);
  });

  it("is one where two who know each other want each other at once", async () => {
    const pair = new Pair();
    const [ada, ben] = [await pair.node(1), await pair.node(2)];
    ada.echo.context.setAddresses(ben.peer, ben.addresses);
    ben.echo.context.setAddresses(ada.peer, ada.addresses);
    const begin = pair.world.elapsedMs;
    const links = await pair.world.settle(
      Promise.all([
        ada.echo.context.open(EchoProtocol, ben.peer),
        ben.echo.context.open(EchoProtocol, ada.peer),
      ]),
    );
    expect(pair.world.elapsedMs - begin).toBeLessThan(100);
    const directions = [ada, ben].map(
      (node) => [...node.connections.value.values()].map(({ direction }) => direction)[0],
    );
    expect(directions.sort()).toEqual(["inbound", "outbound"]);
    expect(links.every((link) => !link.closed)).toBe(true);
  });

  it("to a peer that does not dial is made all the same, whoever has the greater id", async () => {
    for (const [from, to] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const pair = new Pair();
      const [dialler, other] = [await pair.node(from), await pair.node(to)];
      dialler.echo.context.setAddresses(other.peer, other.addresses);
      const link = await pair.world.settle(dialler.echo.context.open(EchoProtocol, other.peer));
      expect(link.peer).toBe(other.peer);
    }
  });

  it("to a peer without a known address is an error with a code", async () => {
    const pair = new Pair();
    const ada = await pair.node(1);
    const stranger = "00".repeat(32) as PeerId; // has the form of one
    await expect(
      pair.world.settle(ada.echo.context.open(EchoProtocol, stranger)),
    ).rejects.toMatchObject({ code: "NETWORK_UNKNOWN_PEER", retryable: true });
  });
});
