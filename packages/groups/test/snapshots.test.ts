import { equalBytes } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { noData } from "../src/raft/entry.ts";
import { type Cluster, inCluster, type Node } from "./cluster.ts";
import { Member as AnyMember } from "./grower.ts";

class Member extends AnyMember<Node> {}

interface Scene {
  readonly leader: Member;
  readonly others: readonly [Member, Member];
  /** Nodes that have not joined. */
  readonly late: Node;
  readonly later: Node;
}

/** A group of three with a state of so many records, in force as a snapshot at each of them. */
async function scene(cluster: Cluster, records: number, limits = {}): Promise<Scene> {
  const nodes = await cluster.nodes(5);
  const members = nodes.slice(0, 3).map((node) => new Member(node));
  await Promise.all(members.map((member) => member.join(3, { limits })));
  await cluster.until(() => members.every(({ group }) => group.status.value.online), 20_000);
  const [any] = members;
  await any?.group.execute(records);
  for (let count = 0; count < 40; count++) await any?.group.execute(0);
  await cluster.sleep(2_000);
  const leads = ({ group }: Member): boolean => group.status.value.role === "leader";
  const leader = members.find(leads);
  const [one, two] = members.filter((member) => !leads(member));
  const [late, later] = nodes.slice(3);
  if (!leader || !one || !two || !late || !later) throw new Error("no such group");
  return { leader, others: [one, two], late, later };
}

async function sameState(one: Member, other: Member): Promise<boolean> {
  const [a, b] = [await one.records(), await other.records()];
  return a.length === b.length && a.every((record, at) => equalBytes(record, b[at] ?? noData));
}

async function joins(cluster: Cluster, node: Node, from: Member, limits = {}): Promise<Member> {
  const joiner = new Member(node);
  await joiner.join(3, { limits });
  const { commit } = from.group.status.value;
  await cluster.within(120_000, joiner.group.when.committed(commit));
  expect(await sameState(joiner, from)).toBe(true);
  return joiner;
}

const slow = { bytesPerSecond: 2 * 1_024 * 1_024 };

describe("a member that comes late to a large state", () => {
  it("fetches it from the others, in parallel, and spares the leader", () =>
    inCluster(async (cluster) => {
      const { leader, others, late } = await scene(cluster, 48);
      await joins(cluster, late, leader);
      const pieces = leader.pieces;
      expect(pieces).toBe(13);
      expect(leader.reads).toBe(pieces); // for its hashes
      expect(others[0].reads + others[1].reads).toBe(pieces);
      for (const { reads } of others) expect(reads).toBeGreaterThan(4);
    }));

  it("goes on with others where one dies, lies, or is silent", () =>
    inCluster(async (cluster) => {
      const { leader, others, late, later } = await scene(cluster, 48);
      const [bad, good] = others;
      bad.instead = async (read) => (await read()).map((byte) => byte + 1);
      await joins(cluster, late, leader);
      expect(good.reads).toBeGreaterThanOrEqual(leader.pieces);
      bad.instead = () => new Promise(() => {});
      good.instead = (read, count) => {
        if (count > good.pieces + 4) cluster.kill(good.node);
        return read();
      };
      await joins(cluster, later, leader);
    }));

  it("goes on where it was when the leader dies, and the next one offers the same", () =>
    inCluster(async (cluster) => {
      const { leader, others, late } = await scene(cluster, 80);
      const joiner = new Member(late);
      await joiner.join(3);
      const served = (): number => others[0].reads + others[1].reads;
      await cluster.until(() => served() >= 11, 60_000);
      cluster.kill(leader.node);
      const [one] = others;
      await cluster.until(() => joiner.group.status.value.applied > 40, 60_000);
      expect(await sameState(joiner, one)).toBe(true);
      const hashed = leader.pieces;
      expect(served()).toBeLessThanOrEqual(leader.pieces + hashed + 8);
    }, slow));

  it("goes on where it was when all its bonds were lost", () =>
    inCluster(async (cluster) => {
      const { leader, others, late } = await scene(cluster, 80);
      const joiner = new Member(late);
      await joiner.join(3);
      const served = (): number => others[0].reads + others[1].reads;
      await cluster.until(() => served() >= 11, 60_000);
      const rest = [leader, ...others].map(({ node }) => node.peer);
      const cut = cluster.memory.partition([late.peer], rest);
      await cluster.sleep(20_000);
      cut[Symbol.dispose]();
      await cluster.until(() => joiner.group.status.value.applied > 40, 60_000);
      expect(await sameState(joiner, leader)).toBe(true);
      expect(served() + leader.reads).toBeLessThanOrEqual(2 * leader.pieces + 8);
    }, slow));

  it("catches up while commands go on and snapshots move on, beside another one", () =>
    inCluster(async (cluster) => {
      const { leader, others, late, later } = await scene(cluster, 80);
      let isOver = false;
      const writing = (async () => {
        while (!isOver) {
          await leader.group.execute(0);
          await cluster.sleep(10);
        }
      })();
      await Promise.all([late, later].map((node) => joins(cluster, node, leader)));
      isOver = true;
      await writing;
      expect(others[0].reads + others[1].reads).toBeGreaterThan(leader.pieces);
    }, slow));

  it("takes nothing that is not what the leader offered, from the leader neither", () =>
    inCluster(async (cluster) => {
      const { leader, others, late } = await scene(cluster, 48);
      const changed: Member["instead"] = async (read) => (await read()).map((byte) => byte + 1);
      for (const other of others) other.instead = changed;
      leader.instead = (read, count) => (count > leader.pieces ? changed(read, count) : read());
      const joiner = new Member(late);
      await joiner.join(3);
      await cluster.sleep(10_000);
      expect(leader.reads).toBeGreaterThan(leader.pieces);
      expect(joiner.group.status.value.applied).toBe(0);
      expect(await joiner.records()).toEqual([]);
      leader.instead = (read) => read();
      await cluster.until(() => joiner.group.status.value.applied > 40, 60_000);
      expect(await sameState(joiner, leader)).toBe(true);
    }));
});
