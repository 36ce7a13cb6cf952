import { type Log, silentLog } from "@mosaik/primitives";
import { systemClock as clock } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { afterEach, describe, expect, it } from "vitest";
import {
  ConnectionsSection,
  createNetwork,
  type defineSection,
  diagnostics,
  type Network,
  RelaySection,
} from "../../src/index.ts";
import { type Libp2pTransportOptions, libp2pTransport } from "../../src/libp2p/index.ts";
import { EchoProtocol, echo } from "./echo.ts";

type Node = Network<{
  echo: ReturnType<typeof echo>;
  diagnostics: ReturnType<typeof diagnostics>;
}>;
const nodes: Node[] = [];
afterEach(async () => {
  for (const node of nodes.splice(0).reverse()) await node.close();
});

async function start(
  options: Libp2pTransportOptions,
  more: { secret?: string; log?: Log } = {},
): Promise<Node> {
  const node = await createNetwork({
    network: "relayed",
    ...more,
    transport: libp2pTransport(options),
    services: { echo: echo(), diagnostics: diagnostics() },
  });
  nodes.push(node);
  return node;
}

const listen = ["127.0.0.1:0"];
const startRelay = (relay: Libp2pTransportOptions["relay"] = true) => start({ listen, relay });

const holds = (what: string, check: () => boolean): Promise<void> =>
  until(check, { clock, withinMs: 10_000, what });

/** A node that cannot be dialled, but has a place at a relay. */
async function startHidden(relay: Node): Promise<Node> {
  const hidden = await start({ listen: [], viaRelays: true });
  await hidden.echo.context.connect(relay.addresses[0] ?? "");
  await holds("it has a place at the relay", () => hidden.addresses.length > 0);
  return hidden;
}

async function say(from: Node, to: Node, text: string): Promise<string> {
  const link = await from.echo.context.open(EchoProtocol, to.peer);
  return await new Promise((resolve, reject) => {
    link.listen({ message: resolve, closed: ({ name }) => reject(new Error(name)) });
    link.send(text);
  });
}

async function read<Value>(node: Node, section: ReturnType<typeof defineSection<Value>>) {
  const inspection = await node.diagnostics.inspect(node.peer);
  return await inspection.read(section);
}

describe("a relay", () => {
  it("leads to a node that cannot be dialled, over a connection like any other", async () => {
    const relay = await startRelay();
    const hidden = await startHidden(relay);
    const caller = await start({ listen: [] });
    caller.echo.context.setAddresses(hidden.peer, hidden.addresses);
    expect(await say(caller, hidden, "hello")).toBe("hello");
    const connections = await read(caller, ConnectionsSection);
    expect(connections[relay.peer]).toMatchObject({ path: "direct" });
    expect(connections[hidden.peer]).toMatchObject({ path: "relay", direction: "outbound" });
    const counts = await read(relay, RelaySection);
    expect(counts).toMatchObject({ reservations: 1, circuits: 1, circuitsSoFar: 1 });
    expect(counts.bytes).toBeGreaterThan(500);
  });

  it("is named in the invite of who has a place there", async () => {
    const relay = await startRelay();
    const hidden = await startHidden(relay);
    const [address = ""] = hidden.addresses;
    expect(address).toMatch(/^\/ip4\/127.*\/p2p\/\w+\/p2p-circuit\/p2p\/\w+$/);
    const caller = await start({ listen: [] });
    expect(await caller.echo.context.connect(address)).toBe(hidden.peer);
  });

  it("forgets who has gone, and gives the place to another", async () => {
    const relay = await startRelay({ reservationsMax: 1 });
    const hidden = await startHidden(relay);
    const heard: string[] = [];
    const log: Log = { ...silentLog, debug: (text) => heard.push(text), child: () => log };
    const other = await start({ listen: [], viaRelays: true }, { log });
    await other.echo.context.connect(relay.addresses[0] ?? "");
    await holds("it was refused", () => heard.some((text) => text.startsWith("no place")));
    await hidden.close();
    await holds("the place is free", () => !relay.connections.value.has(hidden.peer));
    const third = await startHidden(relay);
    expect(third.addresses).not.toEqual([]);
    expect(other.addresses).toEqual([]);
  });

  it("with limits lets through what says little, and tells the others why not", async () => {
    const relay = await startRelay({ bytesMax: 1024 * 1024 });
    const hidden = await startHidden(relay);
    const caller = await start({ listen: [] });
    caller.echo.context.setAddresses(hidden.peer, hidden.addresses);
    await expect(say(caller, hidden, "hello")).rejects.toMatchObject({ code: "CHANNEL_LIMITED" });
    expect(caller.connections.value.get(hidden.peer)).toMatchObject({ peer: hidden.peer });
  });

  it("on this machine makes nobody who comes through it a neighbour", async () => {
    const relay = await startRelay();
    const hidden = await startHidden(relay);
    const caller = await start({ listen: [] });
    caller.echo.context.setAddresses(hidden.peer, hidden.addresses);
    const inspection = caller.diagnostics.inspect(hidden.peer);
    await expect(inspection).rejects.toMatchObject({ code: "DIAGNOSTICS_REFUSED" });
  });

  it("serves nobody who was not admitted", async () => {
    const relay = await startRelay();
    const stranger = await start(
      { listen: [], viaRelays: true },
      { secret: "sixteen bytes or so" },
    );
    const joining = stranger.echo.context.connect(relay.addresses[0] ?? "");
    await expect(joining).rejects.toMatchObject({ code: "NETWORK_WRONG_SECRET" });
    expect(stranger.addresses).toEqual([]);
    expect(await read(relay, RelaySection)).toMatchObject({ reservations: 0 });
  });

  it("that goes takes its places with it, and gives them again when it is back", async () => {
    const relay = await startRelay();
    const hidden = await startHidden(relay);
    await relay.close();
    await holds("the place is gone", () => hidden.addresses.length === 0);
    const next = await startRelay();
    await hidden.echo.context.connect(next.addresses[0] ?? "");
    await holds("there is a new one", () => hidden.addresses.length > 0);
  });
});

it("limits of a relay are checked at once", () => {
  expect(() => libp2pTransport({ relay: { bytesMax: 0 } })).toThrow(RangeError);
  expect(() => libp2pTransport({ relay: { durationMaxMs: 2 ** 31 } })).toThrow(RangeError);
});
