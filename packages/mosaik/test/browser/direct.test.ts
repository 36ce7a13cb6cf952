import { ConnectionsSection, DialsSection } from "@mosaik/transport";
import { webrtc } from "@mosaik/transport/webrtc";
import { createNode } from "mosaik";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { Ticks } from "./definitions.ts";

let pid = 0;
let invite = "";

beforeAll(async () => {
  const started = await commands.startNode("packages/mosaik/test/browser/direct.ts");
  pid = started.pid;
  invite = started.line;
});
afterAll(() => commands.stopNode(pid, "SIGKILL"));

it("a page joins by webrtc-direct, without a server of web sockets, and reads a stream", async () => {
  await using page = await createNode({ network: "direct", seeds: [invite], webrtc: webrtc() });
  await page.discovery.when.discovered();
  const ticks = page.streams.consume(Ticks);
  for (let n = 0; n < 2_000; n++) expect(await ticks.receive()).toEqual({ n });
  await using inspection = await page.diagnostics.inspect(page.peer);
  const connections = Object.values(await inspection.read(ConnectionsSection));
  expect(connections).toMatchObject([
    { path: "direct", address: expect.stringMatching(/certhash/) },
  ]);
});

it("a page without WebRTC says what it needs for that", async () => {
  await using page = await createNode({ network: "direct", seeds: [invite] });
  await using inspection = await page.diagnostics.inspect(page.peer);
  await expect
    .poll(async () => JSON.stringify(await inspection.read(DialsSection)), { timeout: 10_000 })
    .toContain("needs the option 'webrtc'");
});
