import { describe, expect, it } from "vitest";
import { groupTimings } from "../src/index.ts";
import { MemoryDisk, memoryStorage } from "../src/storage/memory/index.ts";
import {
  at,
  type Cluster,
  type CounterGroup,
  followersOf,
  inCluster,
  leaderOf,
  type Node,
  nodeOf,
} from "./cluster.ts";

const total = async (member: CounterGroup): Promise<number> => (await member.query("total")).value;

describe("a leader", () => {
  it("is elected by a lone node, accepted by those who come, and replaced when it dies", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(4);
      const timings = groupTimings;
      const first = await cluster.join(at(nodes, 0), { timings });
      expect(first.status.value.leader).toBeUndefined();
      await cluster.within(11_000, first.when.isLeader());
      const { term } = first.status.value;
      const later = [
        await cluster.join(at(nodes, 1), { timings }),
        await cluster.join(at(nodes, 2), { timings }),
      ];
      for (const member of later)
        await cluster.within(10_000, member.when.leaderIs(at(nodes, 0).peer));
      expect(first.status.value.term).toBe(term);
      await cluster.until(
        () => first.status.value.members.filter(({ voting }) => voting).length === 3,
        20_000,
      );
      // As long as they do not know that the last promotion is committed, it takes the leader too.
      const isKnown = ({ status: { value } }: CounterGroup): boolean =>
        value.commit === first.status.value.lastIndex;
      await cluster.until(() => isKnown(first) && later.every(isKnown));
      cluster.kill(at(nodes, 0));
      const [one, two] = [at(later, 0), at(later, 1)];
      await cluster.until(
        () => one.status.value.leader !== first.me && one.status.value.online,
        15_000,
      );
      await cluster.until(() => two.status.value.leader === one.status.value.leader);
      expect(later.filter(({ status: { value } }) => value.role === "leader").length).toBe(1);
      const last = await cluster.join(at(nodes, 3), { timings });
      await cluster.within(15_000, last.when.online());
      expect(last.status.value.leader).toBe(one.status.value.leader);
    }));

  it("hands over when asked to, from wherever it is asked", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(3);
      const heir = at(followersOf(members), 0);
      at(followersOf(members), 1).transferLeadership(heir.me);
      await cluster.within(5_000, heir.when.isLeader());
      expect(await heir.execute({ add: 1 })).toBe(1);
    }));

  it("has a term that only rises, whoever looks", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      for (const member of members) {
        let before = 0;
        member.status.subscribe(({ term }) => {
          expect(term).toBeGreaterThanOrEqual(before);
          before = term;
        });
      }
      const leader = leaderOf(members);
      const { term } = leader.status.value;
      const follower = at(followersOf(members), 0);
      cluster.kill(nodeOf(nodes, leader));
      await cluster.within(8_000, follower.when.leaderChanged());
      expect(follower.status.value.term).toBeGreaterThan(term);
    }));
});

describe("a member that is behind", () => {
  it("catches up by the log, then follows", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(2);
      const leader = await cluster.join(at(nodes, 0));
      await cluster.within(11_000, leader.when.isLeader());
      for (const add of [0, 1, 2, 3]) await leader.execute({ add });
      const joiner = await cluster.join(at(nodes, 1));
      await cluster.within(11_000, joiner.when.leaderIs(at(nodes, 0).peer));
      await cluster.within(5_000, joiner.when.committed(leader.status.value.commit));
      expect(await total(joiner)).toBe(6);
      await leader.executeMany([{ add: 1 }, { add: 1 }]);
      await cluster.within(1_000, joiner.when.committed(leader.status.value.commit));
      expect(await total(joiner)).toBe(8);
    }));

  it.each([
    { how: "in one go", limits: {} },
    { how: "in many small appends", limits: { appendEntriesMax: 7 } },
    { how: "from others, leader spared", limits: { assistEntries: 50 } },
    { how: "by a snapshot", limits: { snapshotEntries: 100, snapshotTrailing: 10 } },
  ])("catches up with two hundred commands $how, and gives two hundred more", ({ limits }) =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(3);
      const leader = await cluster.join(at(nodes, 0), { limits });
      await cluster.within(11_000, leader.when.isLeader());
      await Promise.all(Array.from({ length: 200 }, (_, add) => leader.execute({ add })));
      const one = await cluster.join(at(nodes, 1), { limits });
      await cluster.within(20_000, one.when.committed(leader.status.value.commit));
      expect(await total(one)).toBe(19_900);
      await cluster.within(20_000, one.when.online());
      await Promise.all(Array.from({ length: 200 }, (_, add) => one.execute({ add })));
      const two = await cluster.join(at(nodes, 2), { limits });
      await cluster.within(20_000, two.when.committed(leader.status.value.commit));
      for (const member of [leader, one, two]) {
        expect((await member.query("total", { consistency: "strong" })).value).toBe(39_800);
      }
    }),
  );

  it("catches up while commands go on, though another member dies meanwhile", () =>
    inCluster(async (cluster) => {
      const limits = { appendEntriesMax: 10, inflightMessagesMax: 1 };
      const nodes = await cluster.nodes(5);
      const old = await Promise.all(
        nodes.slice(0, 4).map((node) => cluster.join(node, { founders: 4, limits })),
      );
      await cluster.until(() => old.every(({ status: { value } }) => value.online), 20_000);
      const leader = leaderOf(old);
      await Promise.all(Array.from({ length: 1_000 }, () => leader.execute({ add: 1 })));
      let sum = 1_000;
      let isOver = false;
      const load = (async () => {
        for (; !isOver; sum++) await leader.execute({ add: 1 });
      })();
      const joiner = await cluster.join(at(nodes, 4), { founders: 4, limits });
      await cluster.until(() => joiner.status.value.applied > 100, 20_000);
      expect(joiner.status.value.lag).toBeGreaterThan(500);
      cluster.kill(nodeOf(nodes, at(followersOf(old), 0)));
      await cluster.until(() => joiner.status.value.applied >= 1_000, 20_000);
      isOver = true;
      await load;
      expect((await joiner.query("total", { consistency: "strong" })).value).toBe(sum);
    }));

  it("is not given a command twice, though its retry comes after a snapshot", () =>
    inCluster(async (cluster) => {
      const limits = { snapshotEntries: 20, snapshotTrailing: 2 };
      const { nodes, members } = await cluster.group(3, { limits });
      const leader = leaderOf(members);
      const [one, two] = [at(followersOf(members), 0), at(followersOf(members), 1)];
      const stall = cluster.memory.stall(nodeOf(nodes, one).peer, nodeOf(nodes, two).peer);
      const cut = cluster.memory.partitionOneWay(
        [nodeOf(nodes, leader).peer],
        [nodeOf(nodes, one).peer],
      );
      const given = one.execute({ add: 1_000 });
      await cluster.sleep(50);
      for (let count = 0; count < 60; count++) await leader.execute({ add: 1 });
      cut[Symbol.dispose]();
      stall[Symbol.dispose]();
      await given.catch(() => undefined);
      await cluster.until(() => one.status.value.applied >= leader.status.value.applied, 20_000);
      expect(await total(one)).toBe(1_060);
      expect(await total(leader)).toBe(1_060);
    }));
});

/** Starts a node anew, as the same peer with the same disk. */
async function again(cluster: Cluster, node: Node, key: Uint8Array): Promise<Node> {
  cluster.kill(node);
  return cluster.node({ secretKey: key });
}

describe("a member that comes back", () => {
  it.each([
    { from: "the log", limits: {} },
    { from: "snapshots", limits: { snapshotEntries: 5, snapshotTrailing: 1 } },
  ])(
    "with its disk is who it was; the whole group restarts from $from and loses nothing",
    ({ limits }) =>
      inCluster(async (cluster) => {
        const keys = [0, 1, 2].map((fill) => new Uint8Array(32).fill(fill + 1));
        const disks = keys.map(() => memoryStorage({ disk: new MemoryDisk() }));
        const start = async (): Promise<{ nodes: Node[]; members: CounterGroup[] }> => {
          const nodes: Node[] = [];
          for (const secretKey of keys) nodes.push(await cluster.node({ secretKey }));
          const members = await Promise.all(
            nodes.map((node, index) =>
              cluster.join(node, { storage: at(disks, index), founders: 3, limits }),
            ),
          );
          await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
          return { nodes, members };
        };
        const before = await start();
        await before.members[0]?.execute({ add: 5 });
        for (let count = 0; count < 30; count++) await before.members[1]?.execute({ add: 2 });
        const ids = before.members.map(({ me }) => me);
        const { term, instance } = at(before.members, 0).status.value;
        await Promise.all(before.nodes.map((node) => node.close()));
        const after = await start();
        expect(after.members.map(({ me }) => me)).toEqual(ids);
        expect(at(after.members, 0).status.value.instance).toBe(instance);
        expect(at(after.members, 0).status.value.term).toBeGreaterThanOrEqual(term);
        const answer = await at(after.members, 2).query("total", { consistency: "strong" });
        expect(answer.value).toBe(65);
      }),
  );

  it("without its disk is somebody new, a learner first, and takes the old one's place", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const gone = at(followersOf(members), 0);
      const leader = leaderOf(members);
      await leader.execute({ add: 5 });
      const node = nodeOf(nodes, gone);
      const key = cluster.keyOf(node);
      const returned = await again(cluster, node, key);
      const member = await cluster.join(returned, { founders: 3 });
      expect(member.me).not.toBe(gone.me);
      await cluster.within(20_000, member.when.online());
      const voters = (): string[] =>
        leader.status.value.members.filter(({ voting }) => voting).map(({ id }) => id);
      await cluster.until(
        () => voters().includes(member.me) && !voters().includes(gone.me),
        30_000,
      );
      expect(voters().length).toBe(3);
      expect((await member.query("total", { consistency: "strong" })).value).toBe(5);
    }));
});

describe("leaving", () => {
  it("takes a member out, the leader too, and the others go on", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(3);
      const leader = leaderOf(members);
      await leader.execute({ add: 1 });
      await cluster.within(10_000, leader.leave());
      const rest = members.filter((member) => member !== leader);
      await cluster.until(
        () => rest.some(({ status: { value } }) => value.role === "leader"),
        10_000,
      );
      await cluster.until(
        () => rest.every(({ status: { value } }) => value.members.length === 2),
        10_000,
      );
      expect(await at(rest, 0).execute({ add: 1 })).toBe(2);
      await expect(leader.execute({ add: 1 })).rejects.toMatchObject({ code: "GROUP_CLOSED" });
      await expect(Promise.resolve(leader.when.online())).rejects.toBeDefined();
    }));

  it("closing lets the member come back; it is idempotent and works by await using", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const node = at(nodes, 1);
      const member = at(members, 1);
      const waiting = member.execute({ add: 1 }).catch((error: unknown) => error);
      await Promise.all([member.close(), member.close()]);
      await waiting;
      await member.close();
      expect(node.groups.joined).toEqual([]);
      {
        await using back = await cluster.join(node, { founders: 3 });
        await cluster.within(20_000, back.when.online());
      }
      expect(node.groups.joined).toEqual([]);
    }));
});
