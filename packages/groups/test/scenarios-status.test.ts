import { describe, expect, it } from "vitest";
import { defineMachine, type GroupStatus, lanTimings } from "../src/index.ts";
import { memoryStorage } from "../src/storage/memory/index.ts";
import { followersOf, inCluster, leaderOf, nodeOf, peersOf, testKey } from "./cluster.ts";

describe("what can be waited for", () => {
  it("comes as things happen to a group, and what holds already comes at once", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(3);
      const members = await Promise.all(nodes.map((node) => cluster.join(node, { founders: 3 })));
      const [one] = members;
      if (!one) throw new Error("too few nodes");
      const first = [one.when.leaderElected(), one.when.leaderChanged(), one.when.online()];
      await cluster.within(10_000, Promise.all(first));
      const leader = leaderOf(members);
      const [follower, other] = followersOf(members);
      if (!follower || !other) throw new Error("too few nodes");
      const leading = nodeOf(nodes, leader).peer;
      for (const now of [
        leader.when.isLeader(),
        leader.when.leaderIs(leading),
        ...members.map(({ when }) => when.bonded({ atLeast: 2 })),
        follower.when.bonded({ peers: peersOf([leader, other]) }),
      ]) {
        await cluster.within(1_000, now);
      }
      await cluster.within(1_000, follower.when.isFollower());
      await cluster.within(1_000, follower.when.leaderIs(leading));
      const position = await leader.feed({ add: 1 });
      await cluster.within(1_000, follower.when.committed(position));
      expect((await follower.query("total")).value).toBe(1);

      const changed = follower.when.leaderChanged();
      const offline = leader.when.offline();
      const cut = cluster.memory.partition([leading]);
      await cluster.within(2_000, offline);
      await cluster.within(5_000, changed);
      expect(follower.status.value.leader).not.toBe(leader.me);
      cut[Symbol.dispose]();
      await cluster.within(15_000, leader.when.online());
      await cluster.within(1_000, leader.when.isFollower());
    }));

  it("is rejected once the group is closed", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(1, { minVoters: 1 });
      const member = leaderOf(members);
      const { when } = member;
      const waits = [
        when.leaderChanged(),
        when.isFollower(),
        when.committed(1_000),
        when.bonded({ atLeast: 1 }),
      ].map((wait) => Promise.resolve(wait).catch((error: unknown) => error));
      const offline = when.offline();
      await member.close();
      await offline;
      for (const error of await Promise.all(waits)) {
        expect(error).toMatchObject({ code: "CONDITION_CLOSED" });
      }
    }));
});

describe("the status", () => {
  it("is one value that never changes, and a new one where anything did", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(3);
      const [one] = members;
      if (!one) throw new Error("too few nodes");
      const seen: { readonly status: GroupStatus; readonly text: string }[] = [];
      one.status.subscribe((status) => seen.push({ status, text: JSON.stringify(status) }));
      for (let count = 0; count < 5; count++) await one.execute({ add: 1 });
      await cluster.until(() => seen.length > 5);
      for (const { status, text } of seen) expect(JSON.stringify(status)).toBe(text);
      for (const [at, { text }] of seen.entries()) expect(text).not.toBe(seen[at - 1]?.text);
    }));

  it("never says that a leader trails itself, also where its log is not durable yet", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(3);
      const leader = leaderOf(members);
      const lags: unknown[] = [];
      leader.status.subscribe(({ members: known }) => {
        lags.push(known.find(({ id }) => id === leader.me)?.lag);
      });
      const last = leader.status.value.lastIndex;
      for (let count = 0; count < 20; count++) {
        await leader.execute({ add: 1 });
        await cluster.sleep(500); // positions are looked at anew
      }
      expect(leader.status.value.lastIndex).toBe(last + 20);
      expect(new Set(lags)).toEqual(new Set([0]));
    }));

  it("says at the leader how far each member is, and at a member how far it is behind", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const leader = leaderOf(members);
      const [near, far] = followersOf(members);
      if (!near || !far) throw new Error("too few nodes");
      const known = (of: { readonly me: string }) =>
        leader.status.value.members.find(({ id }) => id === of.me);
      await leader.execute({ add: 1 });
      const last = (): number => leader.status.value.lastIndex;
      await cluster.until(() => members.every((member) => known(member)?.lag === 0));
      for (const member of members) expect(known(member)?.position).toBe(last());
      for (const { position, lag } of near.status.value.members) {
        expect([position, lag]).toEqual([undefined, undefined]);
      }
      const stall = cluster.memory.stall(nodeOf(nodes, leader).peer, nodeOf(nodes, far).peer);
      for (let count = 0; count < 20; count++) await leader.execute({ add: 1 });
      await cluster.until(() => known(near)?.lag === 0);
      expect(known(far)?.lag).toBe(20);
      expect(near.status.value.lag).toBe(0);
      stall[Symbol.dispose]();
      await cluster.until(() => known(far)?.lag === 0, 15_000);
      await cluster.until(() => members.every(({ status: { value } }) => value.lag === 0));
      expect(far.status.value.applied).toBe(last());
    }));

  it("shows a member that catches up how much it lacks", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(2);
      const [a, b] = nodes;
      if (!a || !b) throw new Error("too few nodes");
      const limits = { appendEntriesMax: 10, inflightMessagesMax: 1 };
      const leader = await cluster.join(a, { limits });
      await cluster.within(11_000, leader.when.isLeader());
      await Promise.all(Array.from({ length: 300 }, () => leader.execute({ add: 1 })));
      const joiner = await cluster.join(b);
      let most = 0;
      joiner.status.subscribe(({ lag }) => {
        most = Math.max(most, lag);
      });
      await cluster.within(20_000, joiner.when.committed(leader.status.value.commit));
      expect(most).toBeGreaterThan(200);
      await cluster.until(() => joiner.status.value.lag === 0);
    }));
});

describe("a member that cannot take snapshots", () => {
  it("says so as long as it cannot, and its log ends at one again once it can", () =>
    inCluster(async (cluster) => {
      let fails = true;
      const Fragile = defineMachine({
        name: "fragile",
        create: () => ({
          apply: (command: number) => command,
          query: (_: "nothing") => 0,
          snapshot: () => {
            if (fails) throw new Error("no state to be had");
            return [];
          },
          restore: () => {},
        }),
      });
      const node = await cluster.node();
      const member = await node.groups.join({
        key: testKey(),
        machine: Fragile,
        storage: memoryStorage(),
        timings: lanTimings,
        limits: { snapshotEntries: 10, snapshotTrailing: 0 },
        minVoters: 1,
      });
      await cluster.within(20_000, member.when.online());
      const write = async (): Promise<void> => {
        for (let count = 0; count < 30; count++) await member.execute(count);
      };
      await write();
      const reason = "a snapshot could not be taken";
      expect(member.status.value).toMatchObject({
        state: "running",
        alarms: [{ peer: node.peer, reason, count: 1 }],
      });
      await cluster.sleep(1_000);
      await write();
      expect(member.status.value.alarms).toEqual([{ peer: node.peer, reason, count: 2 }]);
      fails = false;
      await cluster.sleep(2_000);
      await write();
      expect(member.status.value.alarms).toEqual([]);
    }));
});
