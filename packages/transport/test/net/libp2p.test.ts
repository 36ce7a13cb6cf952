import { connect, type Socket } from "node:net";
import { networkId, silentLog } from "@mosaik/primitives";
import { systemClock as clock, ed25519, systemRandom } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { afterEach, describe, expect, it } from "vitest";
import type { Channel, Connection, Transport } from "../../src/index.ts";
import { type Libp2pTransportOptions, libp2pTransport } from "../../src/libp2p/index.ts";

const signal = new AbortController().signal;
const protocol = "/test/1";
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Node {
  readonly transport: Transport;
  readonly connected: Connection[];
  readonly opened: { readonly connection: Connection; readonly channel: Channel }[];
}

async function create(options: Libp2pTransportOptions = {}): Promise<Node> {
  const transport = await libp2pTransport({ listen: ["127.0.0.1:0"], ...options })({
    network: networkId("net"),
    identity: ed25519.identity(systemRandom.bytes(32)),
    clock,
    random: systemRandom,
    log: silentLog,
  });
  closing.push(() => transport.close());
  transport.serve(protocol);
  return { transport, connected: [], opened: [] };
}

async function start(options: Libp2pTransportOptions = {}): Promise<Node> {
  const node = await create(options);
  await node.transport.start({
    connected: (connection) => void node.connected.push(connection),
    opened: (connection, channel) => void node.opened.push({ connection, channel }),
    discovered: () => {},
  });
  return node;
}

const dial = ({ transport }: Node, { transport: to }: Node): Promise<Connection> =>
  transport.dial({ peer: to.peer, addresses: to.addresses.value }, { signal });

const holds = (what: string, check: () => boolean): Promise<void> =>
  until(check, { clock, withinMs: 10_000, what });

/** Where a node listens, for a plain socket. */
function portOf({ transport }: Node): number {
  return Number(transport.addresses.value[0]?.split("/")[4]);
}

async function plainSocket(node: Node): Promise<Socket> {
  const socket = connect(portOf(node), "127.0.0.1");
  closing.push(() => socket.destroy());
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  return socket;
}

/** What the process holds open, but for timers. */
const handles = (): string[] =>
  process.getActiveResourcesInfo().filter((kind) => /TCP|UDP|DNS/.test(kind));

describe("listening", () => {
  it("refuses bad addresses and limits at once", () => {
    const bad = expect.objectContaining({ code: "NETWORK_BAD_ADDRESS" });
    expect(() => libp2pTransport({ listen: ["nowhere"] })).toThrow(bad);
    expect(() => libp2pTransport({ announce: ["10.0.0.1:0"] })).toThrow(bad);
    expect(() => libp2pTransport({ connectionsMax: 0 })).toThrow(RangeError);
  });

  it.each(["", "ws://"])("names a port that is taken: %s", async (scheme) => {
    const first = await start();
    const listen = [`${scheme}127.0.0.1:${portOf(first)}`];
    await expect(start({ listen })).rejects.toMatchObject({
      code: "NETWORK_LISTEN_FAILED",
      message: expect.stringContaining("the port is taken"),
    });
  });

  it("on every interface gives the addresses of each, loopback last", async () => {
    const { transport } = await start({ listen: ["0.0.0.0:0", "ws://0.0.0.0:0"] });
    const addresses = transport.addresses.value;
    expect(addresses.length).toBeGreaterThanOrEqual(2);
    expect(addresses.filter((address) => /\/(0\.0\.0\.0|tcp\/0)/.test(address))).toEqual([]);
    expect(addresses.slice(-2).every((address) => address.startsWith("/ip4/127."))).toBe(true);
  });

  it("announces what it is told instead", async () => {
    const { transport } = await start({ announce: ["wss://seed.example"] });
    expect(transport.addresses.value).toEqual(["/dns/seed.example/tcp/443/tls/ws"]);
  });

  it("is not needed to dial", async () => {
    const [a, b] = [await start({ listen: [] }), await start()];
    expect(a.transport.addresses.value).toEqual([]);
    expect((await dial(a, b)).peer).toBe(b.transport.peer);
  });
});

describe("limits", () => {
  it("refuse connections beyond them, with a reason", async () => {
    const hub = await start({ connectionsMax: 2 });
    const others = [await start(), await start(), await start({ connectionsMax: 1 })];
    for (const other of others.slice(0, 2)) await dial(other, hub);
    const [, , last] = others;
    if (last === undefined) throw new Error("three were made");
    await expect(dial(last, hub)).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      data: { attempts: [{ reason: expect.stringContaining("it refused us") }] },
    });
    await expect(dial(hub, last)).rejects.toMatchObject({ code: "NETWORK_NO_CAPACITY" });
  });

  it("refuse a host that connects too often", async () => {
    const hub = await start({ connectionsPerSecondMax: 3 });
    const other = await start();
    const dials = await Promise.allSettled(Array.from({ length: 6 }, () => dial(other, hub)));
    const refused = dials.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(hub.connected.length).toBeLessThanOrEqual(6 - refused.length);
  });

  it("refuse channels beyond them, here and there", async () => {
    const [a, b] = [await start({ channelsMax: 8 }), await start({ channelsMax: 4 })];
    const connection = await dial(a, b);
    const open = () => connection.open(protocol, { signal });
    const channels = [await open(), await open(), await open(), await open()];
    await expect(open()).rejects.toMatchObject({ code: "NETWORK_NO_CAPACITY", retryable: true });
    channels[0]?.abort();
    await open();
    const back = await dial(b, a);
    for (let count = 0; count < 4; count++) await back.open(protocol, { signal });
    await expect(back.open(protocol, { signal })).rejects.toMatchObject({
      code: "NETWORK_NO_CAPACITY",
    });
  });
});

describe("a stranger", () => {
  it.each(["", "ws://"])("who stays silent keeps nobody out: %s", async (scheme) => {
    const hub = await start({ listen: [`${scheme}127.0.0.1:0`], handshakesMax: 8 });
    const sockets: Socket[] = [];
    for (let count = 0; count < 40; count++) sockets.push(await plainSocket(hub));
    const other = await start();
    expect((await dial(other, hub)).peer).toBe(hub.transport.peer);
    if (scheme !== "") return; // these are held by the HTTP server, before any handshake
    await holds("the oldest are cut", () => sockets.filter((s) => s.closed).length >= 32);
  });

  it.each(["", "ws://"])("who talks nonsense harms nobody: %s", async (scheme) => {
    const hub = await start({ listen: [`${scheme}127.0.0.1:0`] });
    const sayings = [
      systemRandom.bytes(1000),
      new Uint8Array(100_000),
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\nnonsense",
      "\u0013/multistream/1.0.0\n\u000b/tls/1.0.0\nnonsense",
      "\u0013/multistream/1.0.0\n\u0007/noise\n\u0000\u0005abcde",
    ];
    for (const saying of sayings) {
      for (const leave of ["end", "resetAndDestroy"] as const) {
        const socket = await plainSocket(hub);
        socket.write(saying);
        socket[leave]();
      }
    }
    const other = await start();
    expect((await dial(other, hub)).peer).toBe(hub.transport.peer);
    await holds("the one connection is told of", () => hub.connected.length === 1);
  });
});

describe("a connection", () => {
  it("is in its dialler's hands before the dialler is told of channels on it", async () => {
    const told: Connection[] = [];
    const opening: Promise<Channel>[] = [];
    const [a, b] = [await create(), await create()];
    await b.transport.start({
      connected: (connection) => void opening.push(connection.open(protocol, { signal })),
      opened: () => {},
      discovered: () => {},
    });
    await a.transport.start({
      connected: () => {},
      opened: (connection) => void told.push(connection),
      discovered: () => {},
    });
    const connection = await dial(a, b);
    expect(told).toEqual([]);
    await holds("it is told", () => told.length === 1);
    expect(told[0]).toBe(connection);
    await Promise.all(opening);
  });

  it("keeps memory bounded where its user heeds what is full", async () => {
    const [a, b] = [await start(), await start()];
    const channel = await (await dial(a, b)).open(protocol, { signal });
    await holds("it is open at the other end", () => b.opened.length === 1);
    const blocks = 600;
    const block = new Uint8Array(64 * 1024);
    let received = 0;
    b.opened[0]?.channel.listen({
      received: (bytes) => {
        received += bytes.byteLength;
      },
      drained: () => {},
      ended: () => {},
    });
    let sent = 0;
    let aheadMax = 0;
    const write = (): void => {
      while (sent < blocks && !channel.full) {
        sent += 1;
        channel.write(block);
        aheadMax = Math.max(aheadMax, sent * block.byteLength - received);
      }
    };
    channel.listen({ received: () => {}, drained: write, ended: () => {} });
    write();
    await holds("all has arrived", () => received === blocks * block.byteLength);
    expect(aheadMax).toBeLessThan(20 * 1024 * 1024);
  });

  it.each(["", "ws://"])("leaves nothing open once all is closed: %s", async (scheme) => {
    await holds("others have gone", () => handles().length === 0);
    const [a, b] = [
      await start({ listen: [`${scheme}127.0.0.1:0`] }),
      await start({ listen: [`${scheme}127.0.0.1:0`] }),
    ];
    const [kept, cut] = [await dial(a, b), await dial(a, b)];
    await kept.open(protocol, { signal });
    cut.abort();
    const stranger = ed25519.identity(systemRandom.bytes(32)).peer;
    const mistaken = { peer: stranger, addresses: b.transport.addresses.value };
    await expect(a.transport.dial(mistaken, { signal })).rejects.toBeDefined();
    await Promise.all([a.transport.close(), b.transport.close()]);
    await holds("no handle is left", () => handles().length === 0);
  });
});
