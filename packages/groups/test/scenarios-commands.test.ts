import { describe, expect, it } from "vitest";
import type { GroupError } from "../src/index.ts";
import { memoryStorage } from "../src/storage/memory/index.ts";
import { type CounterGroup, followersOf, inCluster, leaderOf, nodeOf, peersOf } from "./cluster.ts";

const total = async (member: CounterGroup): Promise<number> => (await member.query("total")).value;

describe("feeding", () => {
  it("answers positions that rise, from the leader and from others, and all of it is applied", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(2);
      const leader = leaderOf(members);
      const [follower] = followersOf(members);
      if (!follower) throw new Error("too few nodes");
      const first = await leader.feed({ add: 3 });
      expect(await leader.feed({ add: 4 })).toBe(first + 1);
      const last = await follower.feedMany([{ add: 1 }, { add: 2 }, { add: 5 }]);
      expect(last).toBe(first + 2);
      for (const member of members) {
        await cluster.within(2_000, member.when.committed(last));
        expect(await total(member)).toBe(15);
      }
    }));
});

describe("executing", () => {
  it("many at once, from leader and follower, carries out each once, in the order of its handle", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(3);
      const results = await Promise.all(
        members.map((member) =>
          Promise.all(Array.from({ length: 40 }, () => member.execute({ add: 1 }))),
        ),
      );
      for (const own of results) expect(own).toEqual([...own].sort((a, b) => a - b));
      expect(results.flat().sort((a, b) => a - b)).toEqual(
        Array.from({ length: 120 }, (_, at) => at + 1),
      );
    }));

  it("a batch lets nothing come between", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(2);
      const batches = members.flatMap((member) => [
        member.executeMany([{ add: 1 }, { add: 1 }, { add: 1 }]),
        member.executeMany([{ add: 1 }, { add: 1 }]),
      ]);
      for (const results of await Promise.all(batches)) {
        const [first = 0] = results;
        expect(results).toEqual(results.map((_, at) => first + at));
      }
    }));

  it("says which command the machine rejected; the others of its batch stand", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(2);
      const [one, two] = members;
      if (!one || !two) throw new Error("too few nodes");
      await expect(one.execute({ fail: "x" })).rejects.toMatchObject({
        code: "GROUP_REJECTED",
        data: { reason: "the machine threw" },
      });
      await expect(two.executeMany([{ add: 1 }, { fail: "x" }, { add: 1 }])).rejects.toMatchObject({
        code: "GROUP_REJECTED",
        data: {
          outcomes: [
            { kind: "result", result: 1 },
            { kind: "rejected", reason: "the machine threw" },
            { kind: "result", result: 2 },
          ],
        },
      });
    }));

  it("refuses what does not fit, or is too large, before it is sent", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(1, { minVoters: 1 });
      const group = leaderOf(members);
      const wrong = { add: "1" } as unknown as { add: number };
      await expect(group.execute(wrong)).rejects.toMatchObject({ code: "GROUP_COMMAND_INVALID" });
      await expect(group.execute({ fail: "x".repeat(600_000) })).rejects.toMatchObject({
        code: "GROUP_COMMAND_TOO_LARGE",
      });
      await expect(group.executeMany([])).rejects.toThrow(RangeError);
    }));

  it("goes on under another leader: values, positions and order are kept", () =>
    inCluster(async (cluster) => {
      const { nodes, members } = await cluster.group(3);
      const leader = leaderOf(members);
      const [one, two] = followersOf(members);
      if (!one || !two) throw new Error("too few nodes");
      expect(await leader.execute({ add: 3 })).toBe(3);
      expect(await leader.execute({ add: 4 })).toBe(7);
      expect(await one.execute({ add: -2 })).toBe(5);
      cluster.kill(nodeOf(nodes, leader));
      await cluster.until(() => one.status.value.leader !== leader.me && one.status.value.online);
      await cluster.until(() => two.status.value.leader === one.status.value.leader);
      expect(await one.executeMany([{ add: 1 }, { add: 2 }, { add: 3 }])).toEqual([6, 8, 11]);
      expect(await two.executeMany([{ add: 5 }, { add: 7 }, { add: 8 }])).toEqual([16, 23, 31]);
      await cluster.until(() => one.status.value.applied === two.status.value.applied);
      expect([await total(one), await total(two)]).toEqual([31, 31]);
    }));

  it("under the death of leaders and lossy connections acknowledges nothing twice and loses nothing", () =>
    inCluster(
      async (cluster) => {
        const { nodes, members } = await cluster.group(5);
        const acknowledged: number[] = [];
        let unknown = 0;
        let refused = 0;
        let isOver = false;
        const clients = members.map(async (member) => {
          while (!isOver) {
            try {
              acknowledged.push(await member.execute({ add: 1 }));
            } catch (error) {
              const { code } = error as GroupError; // nothing else is thrown
              if (code === "GROUP_UNKNOWN_OUTCOME") unknown++;
              else if (code === "GROUP_NO_QUORUM") refused++;
              else if (code !== "GROUP_CLOSED") throw error;
              if (code === "GROUP_CLOSED") return;
            }
            await cluster.sleep(20);
          }
        });
        const alive = [...members];
        for (let round = 0; round < 2; round++) {
          cluster.memory.change({ connectionLoss: 0.002 });
          await cluster.sleep(3_000);
          const leader = leaderOf(alive);
          cluster.kill(nodeOf(nodes, leader));
          alive.splice(alive.indexOf(leader), 1);
          await cluster.sleep(3_000);
        }
        cluster.memory.change({ connectionLoss: 0 });
        await cluster.sleep(3_000);
        isOver = true;
        await cluster.sleep(12_000);
        void Promise.allSettled(clients); // those of killed nodes never end
        const [survivor] = alive;
        if (!survivor) throw new Error("too few nodes");
        const { value } = await survivor.query("total", { consistency: "strong" });
        expect(new Set(acknowledged).size).toBe(acknowledged.length);
        expect(acknowledged.length).toBeGreaterThan(200);
        expect(value).toBeGreaterThanOrEqual(acknowledged.length);
        // Killed nodes may have had one on its way each.
        expect(value).toBeLessThanOrEqual(acknowledged.length + unknown + 2);
        expect(refused).toBeLessThan(acknowledged.length);
      },
      { seed: 4 },
    ));
});

describe("querying", () => {
  it("strongly sees all that was acknowledged anywhere; weakly says how old the answer may be", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(3);
      const leader = leaderOf(members);
      const [one, two] = followersOf(members);
      if (!one || !two) throw new Error("too few nodes");
      await leader.execute({ add: 7 });
      const took = async (member: CounterGroup, consistency: "weak" | "strong") => {
        const before = cluster.world.elapsedMs;
        const { value, position } = await member.query("total", { consistency });
        return { value, position, ms: cluster.world.elapsedMs - before };
      };
      const atLeader = await took(leader, "strong");
      const weak = await took(one, "weak");
      const strong = await took(one, "strong");
      expect([atLeader.value, strong.value]).toEqual([7, 7]);
      expect(strong.position).toBe(atLeader.position);
      expect(strong.ms).toBeGreaterThan(atLeader.ms);
      expect(weak.ms).toBe(0);
      for (let count = 0; count < 20; count++) {
        const value = await leader.execute({ add: 1 });
        const read = await two.query("total", { consistency: "strong" });
        expect(read.value).toBe(value);
        expect(read.staleMs).toBe(0);
      }
      await cluster.sleep(500);
      expect((await two.query("total")).staleMs).toBeLessThanOrEqual(60);
    }));

  it("many strong queries at once share what they cost", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(3);
      const [one] = followersOf(members);
      if (!one) throw new Error("too few nodes");
      await one.execute({ add: 1 });
      const events = cluster.world.events;
      const reads = Array.from({ length: 500 }, () =>
        one.query("total", { consistency: "strong" }),
      );
      for (const { value } of await Promise.all(reads)) expect(value).toBe(1);
      expect(cluster.world.events - events).toBeLessThan(200);
    }));
});

describe("without a quorum", () => {
  it("a minority fails in bounded time, the majority goes on, and nothing acknowledged is lost", () =>
    inCluster(async (cluster) => {
      const { members } = await cluster.group(5);
      const leader = leaderOf(members);
      const others = followersOf(members);
      const [near, ...rest] = others;
      if (!near) throw new Error("too few nodes");
      expect(await leader.execute({ add: 1 })).toBe(1);
      cluster.memory.partition(peersOf([leader, near]), peersOf(rest));
      const onItsWay = leader.execute({ add: 100 }).catch((error: GroupError) => error.code);
      await cluster.until(() => leader.status.value.role !== "leader");
      for (const member of [leader, near]) {
        const began = cluster.world.elapsedMs;
        await expect(member.execute({ add: 1_000 })).rejects.toMatchObject({
          code: "GROUP_NO_QUORUM",
          retryable: true,
        });
        await expect(member.query("total", { consistency: "strong" })).rejects.toMatchObject({
          code: "GROUP_NO_QUORUM",
        });
        expect(cluster.world.elapsedMs - began).toBeLessThan(6_000);
        expect((await member.query("total")).value).toBe(1);
      }
      expect(await onItsWay).toBe("GROUP_UNKNOWN_OUTCOME");
      const [far] = rest;
      if (!far) throw new Error("too few nodes");
      await cluster.within(5_000, far.when.online());
      expect(await far.execute({ add: 2 })).toBe(3);
      cluster.memory.heal();
      await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
      expect(await leader.execute({ add: 4 })).toBe(7);
      for (const member of members) {
        expect((await member.query("total", { consistency: "strong" })).value).toBe(7);
      }
    }));

  it("an abort ends the wait with its reason", () =>
    inCluster(async (cluster) => {
      const [node] = await cluster.nodes(1);
      if (!node) throw new Error("too few nodes");
      const group = await cluster.join(node, { founders: 3, storage: memoryStorage() });
      const abort = new AbortController();
      const waits = [
        group.execute({ add: 1 }, { signal: abort.signal }),
        group.query("total", { consistency: "strong", signal: abort.signal }),
        group.when.online({ signal: abort.signal }),
      ].map((wait) => Promise.resolve(wait).catch((error: unknown) => error));
      abort.abort("enough");
      expect(await Promise.all(waits)).toEqual(["enough", "enough", "enough"]);
    }));
});
