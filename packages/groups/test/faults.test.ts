import { decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import {
  checkLinearizable,
  type Operation,
  type RegisterInput,
  registerModel,
} from "@mosaik/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineMachine, type GroupError, lanTimings } from "../src/index.ts";
import { MemoryDisk, memoryStorage } from "../src/storage/memory/index.ts";
import { at, followersOf, inCluster, leaderOf, nodeOf, testKey } from "./cluster.ts";

describe("a storage that fails", () => {
  it("stops its member, says so, and the others go on", () =>
    inCluster(async (cluster) => {
      let isBroken = false;
      const nodes = await cluster.nodes(3);
      const bad = new MemoryDisk({
        fate: ({ kind }) => (isBroken && kind === "sync" ? "failed" : "done"),
      });
      const members = await Promise.all(
        nodes.map((node, index) =>
          cluster.join(node, {
            founders: 3,
            storage: memoryStorage({ disk: index === 0 ? bad : new MemoryDisk() }),
          }),
        ),
      );
      await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
      const victim = at(members, 0);
      await at(members, 1).execute({ add: 1 });
      isBroken = true;
      const onItsWay = victim.execute({ add: 10 }).catch((error: GroupError) => error.code);
      await cluster.until(() => victim.status.value.state === "halted");
      expect(victim.status.value).toMatchObject({ online: false, reason: "the storage failed" });
      expect(await onItsWay).toBe("GROUP_STORAGE_FAILED");
      await expect(victim.execute({ add: 1 })).rejects.toMatchObject({
        code: "GROUP_STORAGE_FAILED",
      });
      const rest = members.slice(1);
      await cluster.until(
        () => rest.some(({ status: { value } }) => value.role === "leader"),
        10_000,
      );
      const sum = await at(rest, 0).execute({ add: 2 });
      expect([3, 13]).toContain(sum);
    }));

  it("cannot be opened: the join fails, and may be tried again", () =>
    inCluster(async (cluster) => {
      const node = await cluster.node();
      let isBroken = true;
      const disk = new MemoryDisk({ fate: () => (isBroken ? "failed" : "done") });
      const storage = memoryStorage({ disk });
      await expect(cluster.join(node, { storage })).rejects.toMatchObject({
        code: "GROUP_STORAGE_FAILED",
      });
      isBroken = false;
      const group = await cluster.join(node, { storage });
      await cluster.within(10_000, group.when.isLeader());
    }));
});

describe("a machine that is not deterministic", () => {
  it("is found, and its member stops; the majority goes on", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(3);
      let made = 0;
      const Drifting = defineMachine({
        name: "drifting",
        create: () => {
          const isOff = ++made === 1;
          return {
            apply: (value: number) => (isOff ? value + 1 : value),
            query: (_: "nothing") => 0,
            snapshot: () => [],
            restore: () => {},
          };
        },
      });
      const members = await Promise.all(
        nodes.map((node) =>
          node.groups.join({
            key: testKey(),
            machine: Drifting,
            storage: memoryStorage(),
            timings: lanTimings,
            founders: 3,
          }),
        ),
      );
      await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
      const sound = at(members, 1);
      for (let count = 0; count < 300; count++) await sound.execute(count);
      await cluster.until(() => at(members, 0).status.value.state === "halted");
      expect(at(members, 0).status.value.reason).toMatch(/its state at 256/);
      await cluster.until(() => sound.status.value.online, 10_000);
      expect(await sound.execute(5)).toBe(5);
    }));
});

describe("two foundings of one group", () => {
  it("do not merge when they meet: both go on, and both say so", () =>
    inCluster(async (cluster) => {
      const nodes = await cluster.nodes(2);
      const cut = cluster.memory.partition([at(nodes, 0).peer], [at(nodes, 1).peer]);
      const members = [await cluster.join(at(nodes, 0)), await cluster.join(at(nodes, 1))];
      for (const member of members) await cluster.within(11_000, member.when.isLeader());
      await at(members, 0).execute({ add: 1 });
      cut[Symbol.dispose]();
      await cluster.until(
        () => members.every(({ status: { value } }) => value.conflicts.length === 1),
        60_000,
      );
      expect(await at(members, 0).execute({ add: 1 })).toBe(2);
      expect(await at(members, 1).execute({ add: 5 })).toBe(5);
      const [one, two] = members.map(({ status: { value } }) => value);
      expect(one?.conflicts).toEqual([two?.instance]);
    }));
});

const Registers = defineMachine({
  name: "registers",
  command: z.object({ kind: z.enum(["write", "swap"]), value: z.number(), expected: z.number() }),
  create: () => {
    let register = 0;
    return {
      apply: ({ kind, value, expected }) => {
        if (kind === "swap" && register !== expected) return 0;
        register = value;
        return 1;
      },
      query: (_: "read") => register,
      snapshot: () => [encodeUtf8(String(register))],
      restore: (chunk: Uint8Array) => {
        register = Number(decodeUtf8(chunk));
      },
    };
  },
});

describe("under partitions, stalls, lost connections and slow links", () => {
  it.each([1, 2, 3, 4, 5, 6])("what clients see is linearizable (seed %i)", (seed) =>
    inCluster(
      async (cluster) => {
        const nodes = await cluster.nodes(5);
        const limits = { snapshotEntries: 40, snapshotTrailing: 4 };
        const members = await Promise.all(
          nodes.map((node) =>
            node.groups.join({
              key: testKey(),
              machine: Registers,
              storage: memoryStorage({ disk: new MemoryDisk() }),
              timings: lanTimings,
              founders: 5,
              limits,
            }),
          ),
        );
        await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
        const history: Operation<RegisterInput, number | undefined>[] = [];
        const random = cluster.world.random("test");
        let isOver = false;
        const clients = members.map(async (member, client) => {
          let seen = 0;
          for (let round = 1; !isOver; round++) {
            const value = client * 10_000 + round;
            const draw = random.next();
            const calledAt = cluster.world.elapsedMs;
            const input: RegisterInput =
              draw < 0.4
                ? { kind: "write", value }
                : draw < 0.6
                  ? { kind: "swap", expected: seen, value }
                  : { kind: "read" };
            try {
              const output =
                input.kind === "read"
                  ? (await member.query("read", { consistency: "strong" })).value
                  : await member.execute({ expected: 0, ...input });
              if (input.kind === "read") seen = output;
              history.push({
                client,
                input,
                calledAt,
                returnedAt: cluster.world.elapsedMs,
                output,
              });
            } catch (error) {
              const { code } = error as GroupError; // nothing else is thrown
              if (code === "GROUP_UNKNOWN_OUTCOME") history.push({ client, input, calledAt });
              else expect(code).toBe("GROUP_NO_QUORUM");
            }
            await cluster.sleep(random.next() * 60);
          }
        });
        for (let round = 0; round < 6; round++) {
          const shuffled = [...nodes.map(({ peer }) => peer)].sort(() => random.next() - 0.5);
          const size = 1 + Math.floor(random.next() * 2);
          const [few, most] = [shuffled.slice(0, size), shuffled.slice(size)];
          const fault = Math.floor(random.next() * 4);
          cluster.memory.change({ connectionLoss: fault === 0 ? 0.01 : 0 });
          if (fault === 1) cluster.memory.partition(few, most);
          if (fault === 2) cluster.memory.partitionOneWay(few, most);
          if (fault === 3) cluster.memory.change({ latencyMs: [1, 120] });
          await cluster.sleep(500 + random.next() * 2_000);
          cluster.memory.heal();
          cluster.memory.change({ latencyMs: [1, 3] });
          await cluster.sleep(random.next() * 1_500);
        }
        isOver = true;
        cluster.memory.change({ connectionLoss: 0 });
        await Promise.all(clients);
        expect(history.length).toBeGreaterThan(150);
        expect(checkLinearizable(registerModel(0), history).state).toBe("linearizable");
        await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
      },
      { seed },
    ),
  );
});

describe("a group under load", () => {
  it("keeps every acknowledged command through the loss of its leader again and again", () =>
    inCluster(async (cluster) => {
      const { members, nodes } = await cluster.group(3, {
        limits: { snapshotEntries: 200, snapshotTrailing: 20 },
      });
      let sum = 0;
      for (let round = 0; round < 3; round++) {
        const leader = leaderOf(members);
        const others = followersOf(members);
        const given = Promise.all(
          Array.from({ length: 100 }, () => at(others, round % 2).execute({ add: 1 })),
        );
        await cluster.sleep(round * 3);
        const cut = cluster.memory.partition([nodeOf(nodes, leader).peer]);
        sum += (await given).length;
        cut[Symbol.dispose]();
        await cluster.until(() => members.every(({ status: { value } }) => value.online), 20_000);
        const { value } = await leader.query("total", { consistency: "strong" });
        expect(value).toBe(sum);
      }
    }));
});
