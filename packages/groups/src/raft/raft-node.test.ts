import { seededRandom } from "@mosaik/primitives";
import { describe, expect, test } from "vitest";
import type { Effects } from "./effects.ts";
import { raftLimits } from "./limits.ts";
import { type InstanceId, type MemberId, memberId } from "./member.ts";
import { RaftNode } from "./raft-node.ts";

/** Nodes joined by a network without delay or loss, whose disks are instant. */
class Cluster {
  readonly nodes = new Map<MemberId, RaftNode>();
  readonly effects: { from: MemberId; effects: Effects }[] = [];
  now = 0;

  constructor(size: number, founders = size) {
    for (let at = 0; at < size; at++) {
      const id = memberId(`n${at}`, "1");
      const node = new RaftNode({
        id,
        kind: "data",
        limits: { ...raftLimits, founders },
        random: seededRandom(at + 1),
        stored: undefined,
        freshInstance: `instance-${at}` as InstanceId,
        nowMs: 0,
      });
      this.nodes.set(id, node);
    }
    for (const [id, node] of this.nodes) {
      for (const other of this.nodes.keys()) {
        if (other === id) continue;
        node.step({ kind: "bond", member: other, memberKind: "data", up: true }, 0);
      }
      this.settle(id);
    }
  }

  settle(id: MemberId): void {
    const node = this.nodes.get(id);
    if (!node) return;
    const effects = node.take();
    node.check();
    this.effects.push({ from: id, effects });
    if (effects.persist) {
      node.step({ kind: "persisted", sequence: effects.persist.sequence }, this.now);
      this.settle(id);
    }
    for (const { to, message } of effects.sends) {
      this.nodes.get(to)?.step({ kind: "received", from: id, message }, this.now);
      this.settle(to);
    }
  }

  run(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      this.now += 10;
      for (const [id, node] of this.nodes) {
        if (node.nextDeadlineMs > this.now) continue;
        node.step({ kind: "tick" }, this.now);
        this.settle(id);
      }
    }
  }

  get leaders(): MemberId[] {
    return [...this.nodes].filter(([, node]) => node.status().role === "leader").map(([id]) => id);
  }
}

describe("RaftNode", () => {
  test("a lone node founds a group after the bootstrap delay and leads it", () => {
    const cluster = new Cluster(1);
    cluster.run(2_900);
    expect(cluster.leaders).toHaveLength(0);
    cluster.run(4_000);
    expect(cluster.leaders).toHaveLength(1);
  });

  test("three founders agree on one instance and elect one leader", () => {
    const cluster = new Cluster(3);
    cluster.run(10_000);
    expect(cluster.leaders).toHaveLength(1);
    const instances = new Set([...cluster.nodes.values()].map((node) => node.status().instance));
    expect(instances.size).toBe(1);
  });

  test("newcomers become learners, then voters", () => {
    const cluster = new Cluster(4, 1);
    cluster.run(20_000);
    const [leader] = cluster.leaders;
    const status = leader && cluster.nodes.get(leader)?.status();
    expect(status?.configuration.members.map((member) => member.voting)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });

  test("a proposal is accepted, committed and applied by all, in order", () => {
    const cluster = new Cluster(3);
    cluster.run(10_000);
    const [leader] = cluster.leaders;
    const node = leader && cluster.nodes.get(leader);
    if (!leader || !node) throw new Error("no leader");
    cluster.effects.length = 0;
    const commands = [Uint8Array.of(1), Uint8Array.of(2)];
    node.step({ kind: "propose", id: 7, commands }, cluster.now);
    cluster.settle(leader);
    cluster.run(600);
    const outcomes = cluster.effects.flatMap(({ effects }) => effects.outcomes);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(["accepted", "committed"]);
    for (const id of cluster.nodes.keys()) {
      const applied = cluster.effects
        .filter(({ from }) => from === id)
        .flatMap(({ effects }) => effects.apply);
      expect(applied.map((entry) => entry.data[0])).toEqual([1, 2]);
    }
  });

  test("a read is ready once a majority has confirmed the leader", () => {
    const cluster = new Cluster(3);
    cluster.run(10_000);
    const [leader] = cluster.leaders;
    const node = leader && cluster.nodes.get(leader);
    if (!leader || !node) throw new Error("no leader");
    cluster.effects.length = 0;
    node.step({ kind: "read", id: 3 }, cluster.now);
    expect(node.take().reads).toEqual([]);
    node.step({ kind: "read", id: 4 }, cluster.now);
    cluster.run(600);
    const reads = cluster.effects.flatMap(({ effects }) => effects.reads);
    expect(reads.map((read) => read.kind === "ready" && read.id)).toEqual([3, 4]);
  });
});
