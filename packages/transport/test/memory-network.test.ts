import { describe, expect, it } from "vitest";
import { chat, MemoryWorld, never, note } from "./memory-world.ts";

describe("a partition", () => {
  it("holds what is sent until it is healed; the connection stays", async () => {
    const { world, network, ...rig } = await pairIn([1, 5]);
    const seen: string[] = [];
    rig.far.listen(note(seen));
    rig.inbound.onClose(() => seen.push("connection closed"));
    rig.near.write(Uint8Array.of(1));
    await world.run(10);
    network.partition([rig.a.transport.peer], [rig.b.transport.peer]);
    for (const byte of [2, 3, 4]) rig.near.write(Uint8Array.of(byte));
    await world.run(3_600_000);
    expect(seen).toEqual(["1"]);
    network.heal();
    await world.run(5);
    expect(seen).toEqual(["1", "2", "3", "4"]);
  });

  it("catches what is on its way when it begins", async () => {
    const { world, network, ...rig } = await pairIn([10, 10]);
    const seen: string[] = [];
    rig.far.listen(note(seen));
    rig.near.write(Uint8Array.of(1));
    await world.run(5);
    using _ = network.partition([rig.a.transport.peer]);
    await world.run(100);
    expect(seen).toEqual([]);
  });

  it("makes dials fail in time, or when they are aborted", async () => {
    const { world, network, a, b, rig } = await pairIn([1, 5]);
    network.partition([a.transport.peer]);
    const startedAt = world.elapsedMs;
    await expect(world.settle(rig.dial(a, b))).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      data: { attempts: [{ reason: "no answer in time" }] },
    });
    expect(world.elapsedMs - startedAt).toBe(10_000);
    const controller = new AbortController();
    const dialling = rig.dial(a, b, { signal: controller.signal });
    world.clock().after(100, () => controller.abort(new Error("enough")));
    await expect(world.settle(dialling)).rejects.toThrow("enough");
    expect(world.elapsedMs - startedAt).toBe(10_100);
    network.heal();
    await world.run(1000);
    expect(b.connected).toHaveLength(1);
  });

  it("lets a dial succeed that it only delayed", async () => {
    const { world, network, a, b, rig } = await pairIn([1, 5]);
    network.partition([a.transport.peer]);
    world.clock().after(3000, () => network.heal());
    const connection = await world.settle(rig.dial(a, b));
    expect(connection.peer).toBe(b.transport.peer);
  });

  it("may be one way", async () => {
    const { world, network, a, b, near, far } = await pairIn([1, 5]);
    const seen: string[] = [];
    near.listen(note(seen, "near "));
    far.listen(note(seen, "far "));
    network.partitionOneWay([a.transport.peer], [b.transport.peer]);
    near.write(Uint8Array.of(1));
    far.write(Uint8Array.of(2));
    await world.run(1000);
    expect(seen).toEqual(["near 2"]);
  });

  it("ends on its own when it is disposed of, and not the others", async () => {
    const { world, network, a, b, near, far } = await pairIn([1, 5]);
    const seen: string[] = [];
    far.listen(note(seen));
    const first = network.partition([a.transport.peer]);
    const second = network.stall(b.transport.peer, a.transport.peer);
    near.write(Uint8Array.of(1));
    await world.run(100);
    first[Symbol.dispose]();
    await world.run(100);
    expect(seen).toEqual([]);
    second[Symbol.dispose]();
    await world.run(100);
    expect(seen).toEqual(["1"]);
  });

  it("adds up with others: who is on another's side in each of them reaches it, nobody else", async () => {
    const rig = new MemoryWorld(1);
    const [a, b, c] = [await rig.node(), await rig.node(), await rig.node()];
    const unreachable = { code: "NETWORK_UNREACHABLE" };
    rig.network.partition([a.transport.peer]);
    const second = rig.network.partition([b.transport.peer]);
    await expect(rig.world.settle(rig.dial(c, a))).rejects.toMatchObject(unreachable);
    await expect(rig.world.settle(rig.dial(c, b))).rejects.toMatchObject(unreachable);
    second[Symbol.dispose]();
    await rig.world.settle(rig.dial(c, b));
    await expect(rig.world.settle(rig.dial(c, a))).rejects.toMatchObject(unreachable);
  });

  it("leaves those within a group alone", async () => {
    const rig = new MemoryWorld(1);
    const [a, b, c] = [await rig.node(), await rig.node(), await rig.node()];
    rig.network.partition([a.transport.peer, b.transport.peer]);
    await rig.world.settle(rig.dial(a, b));
    await expect(rig.world.settle(rig.dial(a, c))).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
    });
  });

  it("does not keep a connection from being closed in time", async () => {
    const { world, network, a, outbound } = await pairIn([1, 5]);
    network.partition([a.transport.peer]);
    await world.settle(outbound.close(), { withinMs: 5_000 });
    await world.settle(a.transport.close(), { withinMs: 5_000 });
  });
});

describe("a node that is killed", () => {
  it("is told nothing, and the others notice", async () => {
    const { world, network, b, outbound, inbound, near, far } = await pairIn([1, 5]);
    const seen: string[] = [];
    near.listen(note(seen, "near "));
    far.listen(note(seen, "far "));
    outbound.onClose(() => seen.push("outbound closed"));
    inbound.onClose(() => seen.push("inbound closed"));
    network.kill(b.transport.peer);
    near.write(Uint8Array.of(1));
    far.write(Uint8Array.of(2));
    await world.run(20);
    expect(seen).toEqual(["near ended", "outbound closed"]);
    await b.transport.close();
  });

  it("is noticed through a partition only when that is healed", async () => {
    const { world, network, b, outbound } = await pairIn([1, 5]);
    let closed = false;
    outbound.onClose(() => {
      closed = true;
    });
    network.partition([b.transport.peer]);
    network.kill(b.transport.peer);
    await world.run(60_000);
    expect(closed).toBe(false);
    network.heal();
    await world.run(5);
    expect(closed).toBe(true);
  });

  it("leaves its address to the next", async () => {
    const rig = new MemoryWorld(1);
    const [a, b] = [await rig.node(), await rig.node({ address: "/memory/77" })];
    rig.network.kill(b.transport.peer);
    await expect(rig.world.settle(rig.dial(a, b))).rejects.toMatchObject({
      data: { attempts: [{ address: "/memory/77", reason: "nobody listens there" }] },
    });
    const again = await rig.node({ address: "/memory/77" });
    await b.transport.close();
    const connection = await rig.world.settle(rig.dial(a, again));
    expect(connection.peer).toBe(again.transport.peer);
  });

  it("fails a dial that is on its way to it", async () => {
    const { world, network, a, b, rig } = await pairIn([10, 10]);
    const dialling = rig.dial(a, b);
    world.clock().after(5, () => network.kill(b.transport.peer));
    await expect(world.settle(dialling)).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  });
});

describe("a node that is frozen", () => {
  it("hears and says nothing until it is thawed; its connections stay", async () => {
    const { world, network, a, b, near, far, rig } = await pairIn([1, 5]);
    const seen: string[] = [];
    near.listen(note(seen, "near "));
    far.listen(note(seen, "far "));
    network.freeze(b.transport.peer);
    near.write(Uint8Array.of(1));
    far.write(Uint8Array.of(2));
    await world.run(60_000);
    expect(seen).toEqual([]);
    network.heal();
    await world.run(1000);
    expect(seen).toEqual([]);
    network.thaw(b.transport.peer);
    await world.run(10);
    expect(seen.toSorted()).toEqual(["far 1", "near 2"]);
    expect((await world.settle(rig.dial(a, b))).peer).toBe(b.transport.peer);
  });
});

describe("the conditions of a memory network", () => {
  it("may lose connections at writes; both ends are told, in a later turn", async () => {
    const { world, network, outbound, inbound, near, far } = await pairIn([1, 5]);
    const seen: string[] = [];
    near.listen(note(seen, "near "));
    far.listen(note(seen, "far "));
    outbound.onClose(() => seen.push("outbound closed"));
    inbound.onClose(() => seen.push("inbound closed"));
    network.change({ connectionLoss: 1 });
    near.write(Uint8Array.of(1));
    expect(seen).toEqual([]);
    await world.run(10);
    expect(seen).toEqual(["near ended", "outbound closed", "far ended", "inbound closed"]);
  });

  it("may fail dials", async () => {
    const { world, network, a, b, rig } = await pairIn([1, 5]);
    network.change({ connectFailure: 1 });
    await expect(world.settle(rig.dial(a, b))).rejects.toMatchObject({
      data: { attempts: [{ reason: "the connection failed" }] },
    });
  });

  it("may give each pair its own latency", async () => {
    const rig = new MemoryWorld(1);
    const [a, b] = [await rig.node(), await rig.node()];
    rig.network.change({ latencyMs: (from) => (from === a.transport.peer ? 30 : 5) });
    await rig.world.settle(rig.dial(a, b));
    expect(rig.world.elapsedMs).toBe(35);
  });

  it("may limit what a connection carries in a second", async () => {
    const { world, near, far } = await pairIn([0, 0], { bytesPerSecond: 1_000_000 });
    let count = 0;
    far.listen({ ...note([]), received: (bytes) => (count += bytes.byteLength) });
    const startedAt = world.elapsedMs;
    for (let index = 0; index < 20; index++) near.write(new Uint8Array(100_000));
    await world.runUntil(() => count === 2_000_000);
    expect(world.elapsedMs - startedAt).toBeCloseTo(2000);
  });

  it("send together what is written at one moment", async () => {
    const { world, near, far } = await pairIn([1, 100]);
    const arrivals: number[] = [];
    far.listen({ ...note([]), received: () => void arrivals.push(world.elapsedMs) });
    for (let index = 0; index < 10; index++) near.write(new Uint8Array(10));
    await world.run(200);
    expect(arrivals).toHaveLength(10);
    expect(new Set(arrivals).size).toBe(1);
  });
});

describe("a memory transport", () => {
  it("calls no listener from within a call to it", async () => {
    const rig = new MemoryWorld(1);
    let calling = false;
    const calledWithin: string[] = [];
    const told = (what: string) => (): void => {
      if (calling) calledWithin.push(what);
    };
    const call = <Result>(run: () => Result): Result => {
      calling = true;
      const result = run();
      calling = false;
      return result;
    };
    const listener = { received: told("received"), drained: told("drained"), ended: told("ended") };
    const [a, b] = [await rig.node(), await rig.transport()];
    b.serve(chat);
    await b.start({
      connected: told("connected"),
      opened: (_, channel) => {
        told("opened")();
        channel.write(new Uint8Array(10));
        call(() => channel.listen(listener));
      },
      discovered: () => {},
    });
    const dialling = call(() => a.transport.dial({ addresses: b.addresses.value }, never));
    const connection = await rig.world.settle(dialling);
    connection.onClose(told("closed"));
    const channel = await rig.world.settle(call(() => connection.open(chat, never)));
    await rig.world.run(0);
    call(() => channel.listen(listener));
    call(() => channel.write(new Uint8Array(1_000_000)));
    await rig.world.run(0);
    call(() => channel.end());
    const second = await rig.world.settle(call(() => connection.open(chat, never)));
    call(() => second.abort());
    call(() => connection.abort());
    await rig.world.run(0);
    expect(calledWithin).toEqual([]);
  });

  it("does not take an address that another has, and leaves it to the other", async () => {
    const rig = new MemoryWorld(1);
    const a = await rig.node({ address: "/memory/5" });
    const second = await rig.transport({ address: "/memory/5" });
    const listener = { connected: () => {}, opened: () => {}, discovered: () => {} };
    await expect(second.start(listener)).rejects.toMatchObject({ code: "NETWORK_LISTEN_FAILED" });
    await second.close();
    const b = await rig.node();
    expect((await rig.world.settle(rig.dial(b, a))).peer).toBe(a.transport.peer);
    expect(() => rig.network.transport({ address: "/ip4/127.0.0.1/tcp/1" })).toThrow(RangeError);
  });

  it("refuses channels beyond its limit, at either end", async () => {
    const { world, outbound } = await pairIn([1, 5]);
    const opens = Array.from({ length: 1100 }, () => outbound.open(chat, never));
    const outcomes = await world.settle(Promise.allSettled(opens));
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(1100 - 1023);
    expect(refused[0]).toMatchObject({ reason: { code: "NETWORK_NO_CAPACITY" } });
  });

  it("rejects the dial that is on its way when it is closed", async () => {
    const { world, a, b, rig } = await pairIn([10, 10]);
    const dialling = rig.dial(a, b);
    await world.run(1);
    const rejected = expect(dialling).rejects.toMatchObject({ code: "NETWORK_CLOSED" });
    await world.settle(a.transport.close());
    await rejected;
    await world.run(100);
    expect(b.connected).toHaveLength(1);
  });
});

/** Two nodes with a connection and a channel. */
async function pairIn(latencyMs: readonly [number, number], conditions = {}) {
  const rig = new MemoryWorld(1, { latencyMs, ...conditions });
  const [a, b] = [await rig.node(), await rig.node()];
  return { rig, world: rig.world, network: rig.network, a, b, ...(await rig.link(a, b)) };
}
