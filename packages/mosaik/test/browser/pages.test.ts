import { ConnectionsSection, RelaySection } from "@mosaik/transport";
import { webrtc } from "@mosaik/transport/webrtc";
import { createNode, type Node, type NodeInit } from "mosaik";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { Blocks } from "./definitions.ts";
import { hinderWebRtc } from "./hinder.ts";
import { blockBytes } from "./page.ts";

const count = 1_000;
let pid = 0;
let relay: { readonly peer: Node["peer"]; readonly invite: string };
let page: Node;
let tab = 0;

const call = (name: string, input?: unknown) =>
  commands.callInTab(tab, "/packages/mosaik/test/browser/page.ts", name, input);

beforeAll(async () => {
  const [started, opened] = await Promise.all([
    commands.startNode("packages/mosaik/test/browser/relay.ts"),
    commands.openTab(),
  ]);
  pid = started.pid;
  relay = JSON.parse(started.line);
  tab = opened;
}, 60_000);
afterEach(async () => {
  await call("leave");
  await page.close();
});
afterAll(async () => {
  await commands.closeTab(tab);
  await commands.stopNode(pid, "SIGKILL");
});

async function join(more: Pick<NodeInit, "webrtc">): Promise<void> {
  page = await createNode({ network: "pages", seeds: [relay.invite], ...more });
  await page.discovery.when.discovered();
}

/** What the relay passed on so far, bytes. */
async function relayed(): Promise<number> {
  await using inspection = await page.diagnostics.inspect(relay.peer);
  return (await inspection.read(RelaySection)).bytes;
}

/** How this page is connected with the other. */
async function pathTo(peer: string): Promise<string | undefined> {
  await using inspection = await page.diagnostics.inspect(page.peer);
  return (await inspection.read(ConnectionsSection))[peer]?.path;
}

/** Reads what the other page sends: all of it, in its order. */
async function readAll(): Promise<void> {
  await using blocks = page.streams.consume(Blocks);
  const sending = call("produce", count);
  let next = 0;
  for await (const block of blocks) {
    expect(block.byteLength).toBe(blockBytes);
    expect(block[0]).toBe(next++ % 256);
    if (next === count) break;
  }
  await sending;
}

describe("two pages", () => {
  it("exchange a stream by WebRTC, of which the relay sees nothing", async () => {
    await join({ webrtc: webrtc() });
    const other = String(await call("join", { invite: relay.invite, straight: true }));
    // on a busy machine the relay may come first: see below
    await expect.poll(() => pathTo(other), { timeout: 20_000 }).toBe("webrtc");
    const before = await relayed();
    await readAll();
    expect(await pathTo(other)).toBe("webrtc");
    expect((await relayed()) - before).toBeLessThan(40_000); // what is said about connections
  });

  it("whose WebRTC failed first have it later, and the stream goes on without a gap", async () => {
    const hinder = async (fails: boolean) => {
      hinderWebRtc(fails);
      await call("hinderWebRtc", fails);
    };
    await hinder(true);
    await join({ webrtc: webrtc() });
    const other = String(await call("join", { invite: relay.invite, straight: true }));
    await using blocks = page.streams.consume(Blocks);
    let next = 0;
    const read = async (count: number) => {
      for (const end = next + count; next < end; next++) {
        expect((await blocks.receive())?.[0]).toBe(next % 256);
      }
    };
    await call("produceOn");
    await read(100);
    expect(await pathTo(other)).toBe("relay");
    await hinder(false);
    while ((await pathTo(other)) !== "webrtc") await read(20);
    const before = await relayed();
    await read(count);
    expect((await relayed()) - before).toBeLessThan(40_000);
    expect(blocks.stats.gaps).toBe(0);
  });

  it("without WebRTC exchange it through the relay", async () => {
    await join({});
    const before = await relayed();
    const other = String(await call("join", { invite: relay.invite, straight: true }));
    await readAll();
    expect(await pathTo(other)).toBe("relay");
    expect((await relayed()) - before).toBeGreaterThan(count * blockBytes);
  });
});
