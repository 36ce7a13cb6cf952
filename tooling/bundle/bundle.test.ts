import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bundle } from "./src/bundle.ts";
import { firstLoad } from "./src/first-load.ts";

describe("bundled for browsers", () => {
  it.each([
    ["@mosaik/primitives", 32],
    ["@mosaik/primitives/system", 18],
    ["@mosaik/primitives/cbor", 12],
    ["@mosaik/primitives/msgpack", 17],
    ["@mosaik/testing", 8],
    ["@mosaik/transport", 48],
    ["@mosaik/transport/libp2p", 150],
    ["@mosaik/transport/webrtc", 90],
    ["@mosaik/transport/page", 6],
    ["@mosaik/transport/memory", 8],
    ["@mosaik/discovery", 40],
    ["@mosaik/streams", 40],
    ["@mosaik/groups", 75],
    ["@mosaik/groups/memory", 15],
    ["@mosaik/groups/browser", 14],
    ["@mosaik/store", 90],
    ["@mosaik/store/browser", 16],
    ["mosaik", 305],
  ])("%s asks for nothing of Node, and is below %i kB compressed", async (entry, kilobytes) => {
    const { ofNode, gzipped } = await bundle(entry);
    expect(ofNode).toEqual([]);
    expect(gzipped / 1_000).toBeLessThan(kilobytes);
  });

  it("a page that reads a stream loads less than 205 kB compressed, ways through relays included", async () => {
    const { ofNode, gzipped } = await bundle(join(import.meta.dirname, "src/streams-client.ts"));
    expect(ofNode).toEqual([]);
    expect(gzipped).toBeLessThan(205_000);
  });

  it("the inspector loads less than 270 kB compressed before it shows a network", async () => {
    const config = join(import.meta.dirname, "../../apps/inspector/vite.config.ts");
    const { gzipped, later } = await firstLoad(config, (module) => module.includes("/screens/"));
    expect(later.map((module) => module.replace(/.*\/screens\//, "")).sort()).toEqual([
      "metrics/metrics.tsx",
      "playground/playground.tsx",
    ]);
    expect(gzipped).toBeLessThan(270_000);
  });

  it("what is for Node is found out", async () => {
    const { ofNode } = await bundle("@mosaik/groups/node");
    expect(ofNode.filter((each) => each.startsWith("node:fs in "))).not.toEqual([]);
  });
});
