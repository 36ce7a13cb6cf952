import { concatBytes, encodeId, networkId, seededRandom, silentLog } from "@mosaik/primitives";
import { systemClock as clock, ed25519, systemRandom } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { frame, frameKinds } from "../../src/core/framing.ts";
import type { Channel, Connection, Transport } from "../../src/index.ts";
import { libp2pTransport } from "../../src/libp2p/index.ts";
import { ControlProtocol } from "../../src/wire.ts";
import { createEchoNode, type EchoNode, EchoProtocol } from "./echo.ts";

const signal = new AbortController().signal;
const handshakeTimeoutMs = 300;
let node: EchoNode;
let attacker: Transport;

beforeEach(async () => {
  const transport = libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] });
  node = await createEchoNode({ transport, connections: { handshakeTimeoutMs } });
  attacker = await transport({
    network: networkId("echo"),
    identity: ed25519.identity(systemRandom.bytes(32)),
    clock,
    random: systemRandom,
    log: silentLog,
  });
  await attacker.start({ connected: () => {}, opened: () => {}, discovered: () => {} });
});

afterEach(async () => {
  await attacker.close();
  const friend = await createEchoNode({
    transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
  });
  // Whatever was done to it, the node still serves an honest peer.
  expect(await friend.echo.context.connect(node.addresses[0] ?? "")).toBe(node.peer);
  await friend.close();
  await node.close();
});

const dial = (): Promise<Connection> => attacker.dial({ addresses: node.addresses }, { signal });

/** Listens to a channel; tells what came and whether it has ended. */
function watch(channel: Channel): { bytes(): Uint8Array; ended: boolean } {
  const chunks: Uint8Array[] = [];
  const seen = { bytes: () => concatBytes(...chunks), ended: false };
  channel.listen({
    received: (bytes) => chunks.push(bytes),
    drained: () => {},
    ended: () => {
      seen.ended = true;
    },
  });
  return seen;
}

/** Opens the control channel, says these bytes, and waits to be shown the door. */
async function refusedAfter(...says: readonly Uint8Array[]): Promise<Uint8Array> {
  const connection = await dial();
  let closed = false;
  connection.onClose(() => {
    closed = true;
  });
  const channel = await connection.open(ControlProtocol.id, { signal });
  const seen = watch(channel);
  for (const bytes of says) channel.write(bytes);
  await until(() => closed, { clock, withinMs: 5_000, what: "the connection's end" });
  expect(node.connections.value.size).toBe(0);
  return seen.bytes();
}

describe("a node under attack", () => {
  it("gives a peer that stays silent a limited time", async () => {
    await refusedAfter();
  });

  it("gives a peer that dribbles bytes the same time: the deadline is absolute", async () => {
    const connection = await dial();
    const channel = await connection.open(ControlProtocol.id, { signal });
    let closed = false;
    connection.onClose(() => {
      closed = true;
    });
    watch(channel);
    const header = frame(frameKinds.message, new Uint8Array(200));
    let at = 0;
    const dribble = (): void => {
      if (closed) return;
      channel.write(header.subarray(at, ++at));
      clock.after(20, dribble);
    };
    dribble();
    await until(() => closed, { clock, withinMs: 5_000 });
  });

  it("refuses garbage, lies about length, and frames of no kind", async () => {
    const random = seededRandom(7);
    await refusedAfter(random.bytes(500));
    await refusedAfter(Uint8Array.of(0x7f, 0xff, 0xff, 0xff));
    await refusedAfter(frame(frameKinds.message, random.bytes(100)));
    await refusedAfter(frame(frameKinds.data, random.bytes(100)));
  });

  it("refuses messages out of order and says why", async () => {
    const welcome = ControlProtocol.message.encode({ kind: "welcome" });
    const answer = await refusedAfter(frame(frameKinds.message, welcome));
    expect(answer[0]).toBe(frameKinds.close << 6);
  });

  it("refuses a stranger's proof", async () => {
    const say = (message: Parameters<typeof ControlProtocol.message.encode>[0]): Uint8Array =>
      frame(frameKinds.message, ControlProtocol.message.encode(message));
    const hello = say({
      kind: "hello",
      network: encodeId(networkId("echo")),
      nonce: new Uint8Array(32),
    });
    await refusedAfter(hello, say({ kind: "proof", proof: new Uint8Array(32) }));
  });

  it("serves nothing to a peer that skips the handshake, and holds little for it", async () => {
    const connection = await dial();
    let closed = false;
    connection.onClose(() => {
      closed = true;
    });
    const opened = await Promise.allSettled(
      Array.from({ length: 100 }, () => connection.open(EchoProtocol.id, { signal })),
    );
    for (const outcome of opened) {
      if (outcome.status === "fulfilled") {
        watch(outcome.value);
        outcome.value.write(frame(frameKinds.message, EchoProtocol.message.encode("hello")));
      }
    }
    await until(() => closed, { clock, withinMs: 5_000 });
    expect(node.echo.served).toHaveLength(0);
  });

  it("closes a link on a bad message, not the connection", async () => {
    const friend = await createEchoNode({
      transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
    });
    const peer = await friend.echo.context.connect(node.addresses[0] ?? "");
    const link = await friend.echo.context.open(EchoProtocol, peer);
    const reasons: string[] = [];
    link.listen({ message: () => {}, closed: (reason) => reasons.push(reason.name) });
    link.sendData(frame(frameKinds.message, Uint8Array.of(0xff)));
    await until(() => reasons.length > 0, { clock, withinMs: 2_000 });
    expect(reasons).toEqual(["protocol-violation"]);
    expect(node.connections.value.size).toBe(1);
    await friend.close();
  });
});
