import type { PeerId } from "@mosaik/primitives";
import { expect, it } from "vitest";
import { z } from "zod";
import { defineMap } from "../src/index.ts";
import { inCluster } from "./cluster.ts";

const Gated = defineMap({
  name: "gated",
  durability: "memory",
  key: z.number(),
  value: z.number(),
});

it("whom a validator does not admit reads nothing, though it knows the key", () =>
  inCluster(async (cluster) => {
    const nodes = [await cluster.node(), await cluster.node(), await cluster.node()] as const;
    const invited = new Set(nodes.slice(0, 2).map(({ peer }) => peer));
    const admit = (peer: PeerId): boolean => invited.has(peer);
    const writer = await cluster.writer(Gated, { admit }, nodes[0]);
    await cluster.online(writer);
    const guest = await cluster.reader(Gated, { admit }, nodes[1]);
    const stranger = await cluster.reader(Gated, {}, nodes[2]);
    await cluster.online(guest);
    const { version } = await writer.set(1, 100);
    await cluster.reach(version, guest);
    await cluster.sleep(3_000);
    expect([guest.get(1), stranger.size, stranger.status.value.online]).toEqual([100, 0, false]);
  }));
