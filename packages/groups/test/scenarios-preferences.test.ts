import { describe, expect, it } from "vitest";
import { at, inCluster, leaderOf, nodeOf } from "./cluster.ts";

describe("who does not take part in full", () => {
  it("an observer follows, gives commands and never counts; alone it elects nobody", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(2);
      const leader = await cluster.join(at(nodes, 0));
      const observer = await cluster.join(at(nodes, 1), { preference: "observer" });
      await cluster.within(15_000, observer.when.online());
      expect(await observer.execute({ add: 2 })).toBe(2);
      expect((await observer.query("total", { consistency: "strong" })).value).toBe(2);
      const own = leader.status.value.members.find(({ id }) => id === observer.me);
      expect(own).toMatchObject({ kind: "observer", voting: false });
      await leader.close();
      await cluster.until(() => !observer.status.value.online, 10_000);
      await cluster.sleep(20_000);
      expect(observer.status.value.leader).toBeUndefined();
      await expect(observer.execute({ add: 1 })).rejects.toMatchObject({ code: "GROUP_NO_QUORUM" });
    }));

  it.each([
    { seed: 1, reluctant: [2] },
    { seed: 2, reluctant: [2] },
    { seed: 3, reluctant: [1, 2] },
  ])(
    "a reluctant member leads only where nobody else would (seed $seed, $reluctant)",
    ({ seed, reluctant }) =>
      inCluster(
        async (cluster) => {
          const nodes = await cluster.nodes(3);
          const preferenceOf = (index: number) =>
            reluctant.includes(index) ? ("reluctant" as const) : ("normal" as const);
          const members = await Promise.all(
            nodes.map((node, index) =>
              cluster.join(node, { founders: 3, preference: preferenceOf(index) }),
            ),
          );
          await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
          const first = at(members, 0);
          leaderOf(members).transferLeadership(first.me);
          await cluster.within(5_000, first.when.isLeader());
          await first.execute({ add: 1 });
          const rest = members.slice(1);
          // Whoever has the longer log must lead, willing or not.
          const { lastIndex } = first.status.value;
          await cluster.until(() =>
            rest.every(({ status: { value } }) => value.commit === lastIndex),
          );
          cluster.kill(at(nodes, 0));
          await cluster.until(
            () => rest.some(({ status: { value } }) => value.role === "leader"),
            10_000,
          );
          if (reluctant.length === 1) expect(leaderOf(rest)).toBe(at(rest, 0));
          expect(await at(rest, 1).execute({ add: 1 })).toBe(2);
        },
        { seed },
      ),
  );

  it("a witness keeps no state, and lets one of two others go on alone with it", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(3);
      const members = [
        await cluster.join(at(nodes, 0)),
        await cluster.join(at(nodes, 1)),
        await cluster.join(at(nodes, 2), { preference: "witness" }),
      ];
      const voters = (): number =>
        at(members, 0).status.value.members.filter(({ voting }) => voting).length;
      await cluster.until(() => voters() === 3, 30_000);
      const witness = at(members, 2);
      await expect(witness.query("total")).rejects.toMatchObject({ code: "GROUP_NO_STATE" });
      await expect(witness.execute({ add: 1 })).rejects.toMatchObject({ code: "GROUP_NO_STATE" });
      await at(members, 0).execute({ add: 3 });
      const leader = leaderOf(members);
      // Until they know that the last promotion is committed, the voters before it must agree too.
      const { lastIndex } = leader.status.value;
      await cluster.until(() =>
        members.every(({ status: { value } }) => value.commit === lastIndex),
      );
      const other = members.find((member) => member !== leader && member !== witness);
      if (!other) throw new Error("too few");
      cluster.kill(nodeOf(nodes, leader));
      await cluster.within(10_000, other.when.isLeader());
      expect(await other.execute({ add: 4 })).toBe(7);
    }));

  it("one witness of several is among the founders", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(4);
      const members = await Promise.all(
        nodes.map((node, number) => {
          const preference = number < 2 ? "normal" : "witness";
          return cluster.join(node, { founders: 3, preference });
        }),
      );
      const first = at(members, 0);
      await cluster.until(() => first.status.value.online, 30_000);
      await cluster.until(() => first.status.value.members.length === 4, 30_000);
      const voters = first.status.value.members.filter(({ voting }) => voting);
      expect(voters.map(({ kind }) => kind).sort()).toEqual(["data", "data", "witness"]);
    }));

  it("one witness votes; another takes its place when it is gone", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(4);
      const [first] = [
        await cluster.join(at(nodes, 0)),
        await cluster.join(at(nodes, 1)),
        await cluster.join(at(nodes, 2), { preference: "witness" }),
      ];
      const votes = (node: number): boolean => {
        const { peer } = at(nodes, node);
        return first.status.value.members.some((one) => one.peer === peer && one.voting);
      };
      await cluster.until(() => votes(2), 30_000);
      const { lastIndex } = first.status.value;
      await cluster.join(at(nodes, 3), { preference: "witness" });
      await cluster.until(() => first.status.value.lastIndex > lastIndex, 30_000);
      await cluster.sleep(30_000);
      expect([votes(2), votes(3)]).toEqual([true, false]);
      cluster.kill(at(nodes, 2));
      await cluster.until(() => votes(3), 60_000);
      expect(votes(2)).toBe(false);
      expect(await first.execute({ add: 1 })).toBe(1);
    }));
});
