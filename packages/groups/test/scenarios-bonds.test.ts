import type { PeerId } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { defineMachine, type GroupKey, noMachine } from "../src/index.ts";
import { memoryStorage } from "../src/storage/memory/index.ts";
import {
  Counter,
  type CounterGroup,
  followersOf,
  inCluster,
  leaderOf,
  type Node,
  nodeOf,
  testKey,
} from "./cluster.ts";

const others = (nodes: readonly Node[], me: Node): PeerId[] =>
  nodes.filter((node) => node !== me).map(({ peer }) => peer);

describe("bonds", () => {
  it("join exactly the members of each of several groups, within five seconds", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(4);
      const [a, b, c, d] = nodes;
      if (!a || !b || !c || !d) throw new Error("too few nodes");
      const groups: [GroupKey, Node[]][] = [
        [testKey(1), [a, b]],
        [testKey(2), [a, c, d]],
        [testKey(3), [b, c]],
      ];
      for (const [key, of] of groups) {
        const joined = await Promise.all(of.map((node) => cluster.join(node, { key })));
        const expected = of.map((node) => others(of, node).sort());
        const bonds = (): unknown => joined.map(({ status: { value } }) => value.bonds);
        await cluster.until(() => JSON.stringify(bonds()) === JSON.stringify(expected));
      }
      expect(a.groups.joined.length).toBe(2);
    }));

  it.each([1, 2, 3, 4])("are made once between any two, however they dial (seed %i)", (seed) =>
    inCluster(
      async (cluster) => {
        const nodes = await cluster.nodes(4);
        const joined = await Promise.all(nodes.map((node) => cluster.join(node)));
        const all = (): boolean =>
          joined.every(({ status: { value } }) => value.bonds.length === 3);
        await cluster.until(all);
        let lost = 0;
        for (const { status } of joined) {
          status.subscribe(({ bonds }) => {
            if (bonds.length < 3) lost++;
          });
        }
        await cluster.sleep(5_000);
        expect(lost).toBe(0);
      },
      { seed },
    ),
  );

  it("depend on key and machine, and not on where the log is kept", () =>
    inCluster(async (cluster) => {
      const [a, b] = await cluster.nodes(2);
      if (!a || !b) throw new Error("too few nodes");
      const one = await cluster.join(a);
      const same = await cluster.join(b, { storage: memoryStorage() });
      const otherKey = await cluster.join(a, { key: testKey(2) });
      const otherMachine = await a.groups.join({
        key: testKey(),
        machine: noMachine,
        storage: memoryStorage(),
      });
      const version = { ...Counter, name: "counter", version: 2, create: Counter.create };
      const newer = await cluster.join(b, {
        machine: defineMachine({ name: "counter", version: 2, create: version.create }),
      });
      expect(same.id).toBe(one.id);
      const ids = [one, otherKey, otherMachine, newer].map(({ id }) => id);
      expect(new Set(ids).size).toBe(4);
    }));

  it("are refused to those who are not admitted", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(3);
      const admitted = new Set(nodes.slice(0, 2).map(({ peer }) => peer));
      const admit = (peer: PeerId): boolean => admitted.has(peer);
      const joined = await Promise.all(
        nodes.map((node, at) => cluster.join(node, at < 2 ? { admit } : {})),
      );
      const bonds = (): number[] => joined.map(({ status: { value } }) => value.bonds.length);
      await cluster.until(() => bonds()[0] === 1, 8_000);
      await cluster.sleep(3_000);
      expect(bonds()).toEqual([1, 1, 0]);
    }));

  it("that are lost are made again by themselves, without news in the catalog", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const [first] = nodes;
      if (!first) throw new Error("too few nodes");
      const before = first.discovery.catalog.value;
      cluster.memory.change({ connectionLoss: 1 });
      await cluster.until(() => members.some(({ status: { value } }) => value.bonds.length < 2));
      cluster.memory.change({ connectionLoss: 0 });
      await cluster.until(
        () => members.every(({ status: { value } }) => value.bonds.length === 2),
        15_000,
      );
      expect(first.discovery.catalog.value.peers.size).toBe(before.peers.size);
    }));
});

describe("a bond", () => {
  it("that falls silent is noticed by both ends, and made again when it can be", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const [one, two] = members;
      const [a, b] = nodes;
      if (!one || !two || !a || !b) throw new Error("too few nodes");
      const stall = cluster.memory.stall(a.peer, b.peer);
      const isLost = (): boolean =>
        !one.status.value.bonds.includes(b.peer) && !two.status.value.bonds.includes(a.peer);
      await cluster.until(isLost, 10_000);
      stall[Symbol.dispose]();
      await cluster.within(15_000, one.when.bonded({ peers: [b.peer] }));
      await cluster.within(1_000, two.when.bonded({ peers: [a.peer] }));
    }));

  it("of a member that stops or leaves ends at once, and its offer is withdrawn", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const [one, two, three] = members;
      const [a, b, c] = nodes;
      if (!one || !two || !three || !a || !b || !c) throw new Error("too few nodes");
      const offering = (peer: PeerId): boolean =>
        a.discovery.catalog.value.peers.get(peer)?.offers.has("group.member") ?? false;
      await cluster.until(() => offering(b.peer) && offering(c.peer));
      await two.close();
      await cluster.until(() => !one.status.value.bonds.includes(b.peer), 50);
      await cluster.until(() => !offering(b.peer), 5_000);
      await three.leave();
      await cluster.until(() => !one.status.value.bonds.includes(c.peer), 50);
      await cluster.until(() => !offering(c.peer), 5_000);
    }));

  it("is known to all members, also those that are not part of it", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const topology = (member: CounterGroup): unknown =>
        member.status.value.members.map(({ peer, bonds }) => [peer, bonds]);
      const whole = nodes
        .map(({ peer }) => peer)
        .sort()
        .map((peer, _, all) => [peer, all.filter((other) => other !== peer)]);
      await cluster.until(() =>
        members.every((member) => JSON.stringify(topology(member)) === JSON.stringify(whole)),
      );
      const [watcher] = members;
      const [, b, c] = nodes;
      if (!watcher || !b || !c) throw new Error("too few nodes");
      cluster.memory.stall(b.peer, c.peer);
      const bondsOf = (peer: PeerId): readonly PeerId[] =>
        watcher.status.value.members.find((member) => member.peer === peer)?.bonds ?? [];
      await cluster.until(
        () => !bondsOf(b.peer).includes(c.peer) && !bondsOf(c.peer).includes(b.peer),
        10_000,
      );
    }));

  it("come back to a leader that two partitions left alone, each when its partition is over", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const leader = leaderOf(members);
      const [one, other] = followersOf(members).map((member) => nodeOf(nodes, member).peer);
      if (!one || !other) throw new Error("too few nodes");
      const cuts = [one, other].map((peer) => cluster.memory.partition([peer]));
      await cluster.until(() => leader.status.value.bonds.length === 0, 20_000);
      cuts[1]?.[Symbol.dispose]();
      await cluster.until(() => leader.status.value.bonds.join() === other, 20_000);
      cuts[0]?.[Symbol.dispose]();
      await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
      for (const { status } of members) expect(status.value.bonds.length).toBe(2);
    }));
});

describe("joining", () => {
  it("again gives another handle to the same member; it lives until the last is closed", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(2);
      const [node] = nodes;
      const [one] = members;
      if (!node || !one) throw new Error("too few nodes");
      const storage = memoryStorage();
      const first = await cluster.join(node, { key: testKey(5), storage });
      const second = await cluster.join(node, { key: testKey(5), storage });
      expect(second.me).toBe(first.me);
      await cluster.within(20_000, second.when.online());
      await first.close();
      expect(await second.execute({ add: 1 })).toBe(1);
      await expect(first.execute({ add: 1 })).rejects.toMatchObject({ code: "GROUP_CLOSED" });
      await second.close();
      expect(node.groups.joined).toEqual([one.id]);
    }));

  it("with another storage or preference is refused while the first holds", () =>
    inCluster(async (cluster) => {
      const [node] = await cluster.nodes(1);
      if (!node) throw new Error("too few nodes");
      await cluster.join(node);
      await expect(cluster.join(node)).rejects.toMatchObject({ code: "GROUP_JOINED_OTHERWISE" });
    }));

  it("with options out of range is refused at once", () =>
    inCluster(async (cluster) => {
      const [node] = await cluster.nodes(1);
      if (!node) throw new Error("too few nodes");
      const timings = { heartbeatMs: 100, electionMinMs: 200, electionMaxMs: 300 };
      await expect(cluster.join(node, { timings })).rejects.toThrow(RangeError);
      await expect(cluster.join(node, { founders: 0 })).rejects.toThrow(RangeError);
      // More than the others would take.
      const limits = { appendEntriesMax: 4_096 };
      await expect(cluster.join(node, { limits })).rejects.toThrow(RangeError);
    }));

  it("ends with the network, also while it is under way", () =>
    inCluster(async (cluster) => {
      const node = await cluster.node();
      const joining: Promise<CounterGroup> = cluster.join(node);
      await node.close();
      const group = await joining.catch(() => undefined);
      if (group)
        await expect(group.execute({ add: 1 })).rejects.toMatchObject({ code: "GROUP_CLOSED" });
    }));
});
