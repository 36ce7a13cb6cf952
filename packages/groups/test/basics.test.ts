import { expect, it } from "vitest";
import { followersOf, inCluster, leaderOf } from "./cluster.ts";

it("a lone node leads, and carries out what it is given", () =>
  inCluster(async (cluster) => {
    const [node] = await cluster.nodes(1);
    if (!node) throw new Error("too few nodes");
    const group = await cluster.join(node);
    await cluster.within(11_000, group.when.isLeader());
    expect(await group.execute({ add: 3 })).toBe(3);
    expect(await group.execute({ add: 4 })).toBe(7);
    expect((await group.query("total")).value).toBe(7);
    expect((await group.query("total", { consistency: "strong" })).value).toBe(7);
  }));

it("three nodes agree on a leader, and any of them carries out commands", () =>
  inCluster(async (cluster) => {
    const { members } = await cluster.group(3);
    const leader = leaderOf(members);
    const followers = followersOf(members);
    expect(followers.length).toBe(2);
    expect(await leader.execute({ add: 3 })).toBe(3);
    let total = 3;
    for (const follower of followers) {
      total += 4;
      expect(await follower.execute({ add: 4 })).toBe(total);
      expect((await follower.query("total", { consistency: "strong" })).value).toBe(total);
    }
    const { applied } = leader.status.value;
    for (const member of members) {
      await cluster.within(2_000, member.when.committed(applied));
      expect((await member.query("total")).value).toBe(total);
    }
  }));
