import { equalBytes, networkId, silentLog } from "@mosaik/primitives";
import { systemClock as clock, ed25519, systemRandom } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import type { Transport } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { Tap } from "../../src/conformance/tap.ts";

const signal = new AbortController().signal;
const protocol = "/test/echo/1";
const transports: Transport[] = [];
let pid = 0;
let node: { readonly peer: Transport["peer"]; readonly addresses: readonly string[] };

beforeAll(async () => {
  const started = await commands.startNode("packages/transport/test/browser/echo-node.ts");
  pid = started.pid;
  node = JSON.parse(started.line);
});
afterAll(() => commands.stopNode(pid, "SIGKILL"));
afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.close();
});

async function start(): Promise<Transport> {
  const transport = await libp2pTransport()({
    network: networkId("browser"),
    identity: ed25519.identity(systemRandom.bytes(32)),
    clock,
    random: systemRandom,
    log: silentLog,
  });
  transports.push(transport);
  await transport.start({ connected: () => {}, opened: () => {}, discovered: () => {} });
  return transport;
}

const holds = (what: string, check: () => boolean): Promise<void> =>
  until(check, { clock, withinMs: 10_000, what });

describe("libp2p in a page", () => {
  it("is told at once that it cannot listen", () => {
    expect(() => libp2pTransport({ listen: ["ws://127.0.0.1:0"] })).toThrow(RangeError);
    expect(() => libp2pTransport({ mdns: true })).toThrow(RangeError);
  });

  it("passes over addresses of TCP, and reaches a process over WebSockets", async () => {
    const page = await start();
    const { addresses } = node;
    expect(addresses.map((address) => address.endsWith("/ws")).sort()).toEqual([false, true]);
    const connection = await page.dial({ addresses }, { signal });
    expect(connection).toMatchObject({ peer: node.peer, direction: "outbound" });
    expect(page.addresses.value).toEqual([]);
  });

  it("carries four MiB there and back, whole and in order", async () => {
    const page = await start();
    const connection = await page.dial({ addresses: node.addresses }, { signal });
    const channel = await connection.open(protocol, { signal });
    const tap = new Tap();
    channel.listen(tap);
    const sent = systemRandom.bytes(4 * 1_024 * 1_024);
    for (let at = 0; at < sent.length; at += 50_000) {
      channel.write(sent.slice(at, at + 50_000));
      if (channel.full) await holds("there is room", () => !channel.full);
    }
    await holds("all has come back", () => tap.count === sent.length);
    expect(equalBytes(tap.bytes, sent)).toBe(true);
    channel.end();
    await holds("it has ended", () => tap.ends === 1);
    expect(tap.callsAfterEnded).toEqual([]);
  });

  it("leaves local addresses alone, unless a seed of the page was local", async () => {
    const page = await start();
    const target = { peer: node.peer, addresses: node.addresses };
    await expect(page.dial(target, { signal })).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      message: expect.stringContaining("after a local seed only"),
    });
    await page.dial({ addresses: node.addresses }, { signal });
    expect((await page.dial(target, { signal })).peer).toBe(node.peer);
  });

  it("says what is wrong where nobody is there, or another peer", async () => {
    const page = await start();
    const nobody = page.dial({ addresses: ["ws://127.0.0.1:1"] }, { signal });
    await expect(nobody).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    const { peer } = ed25519.identity(systemRandom.bytes(32));
    await expect(page.dial({ peer, addresses: node.addresses }, { signal })).rejects.toMatchObject({
      code: "NETWORK_UNREACHABLE",
      message: expect.stringContaining("another peer is there"),
    });
    const connection = await page.dial({ addresses: node.addresses }, { signal });
    await expect(connection.open("/test/other/1", { signal })).rejects.toMatchObject({
      code: "CHANNEL_UNSUPPORTED_PROTOCOL",
    });
  });

  it("notices that the process is gone", async () => {
    const other = await commands.startNode("packages/transport/test/browser/echo-node.ts");
    const page = await start();
    const { addresses } = JSON.parse(other.line);
    const connection = await page.dial({ addresses }, { signal });
    const tap = new Tap();
    (await connection.open(protocol, { signal })).listen(tap);
    let closed = 0;
    connection.onClose(() => closed++);
    await commands.stopNode(other.pid, "SIGKILL");
    await holds("the page is told", () => closed === 1 && tap.ends === 1);
  });
});
