import { discovery } from "@mosaik/discovery";
import { World } from "@mosaik/testing";
import { createNetwork, diagnostics, MetricsSection } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import { expect, test } from "vitest";
import {
  GroupLogSection,
  GroupsSection,
  groups,
  lanTimings,
  StepDownAction,
} from "../src/index.ts";
import { memoryStorage } from "../src/storage/memory/index.ts";
import { Counter, testKey } from "./cluster.ts";

const writeKey = "a key to write for these tests";

test("an inspector sees members, positions, the log and what happened, and has a leader step down", async () => {
  const world = new World({ seed: 1 });
  const memory = createMemoryNetwork({
    clock: world.clock(),
    random: world.random("network"),
    latencyMs: [1, 3],
  });
  const start = (number: number) =>
    createNetwork({
      network: "test",
      seeds: number === 1 ? [] : ["/memory/1"],
      transport: memory.transport({ address: `/memory/${number}` }),
      services: {
        discovery: discovery(),
        groups: groups(),
        diagnostics: diagnostics({ writeKey }),
      },
      system: { clock: world.clock(), random: world.random(`node ${number}`) },
    });
  const script = async (): Promise<void> => {
    const nodes = [await start(1), await start(2), await start(3)];
    const key = testKey();
    const options = { key, machine: Counter, founders: 3, timings: lanTimings };
    const members = await Promise.all(
      nodes.map((node) => node.groups.join({ ...options, storage: memoryStorage() })),
    );
    await Promise.all(members.map(({ when }) => world.within(20_000, when.online())));
    const [first] = members;
    const [watcher] = nodes;
    if (first === undefined || watcher === undefined) throw new Error("nobody is there");
    for (let add = 1; add <= 300; add++) await first.execute({ add });
    await world.sleep(1_000);

    const at = members.findIndex(({ status }) => status.value.role === "leader");
    const [led, leader] = [members[at], nodes[at]];
    if (led === undefined || leader === undefined) throw new Error("nobody leads");
    const open = { grant: "write", key: writeKey } as const;
    const inspection = await watcher.diagnostics.inspect(leader.peer, open);
    const all = await inspection.read(GroupsSection);
    expect(all[led.id]).toMatchObject({
      machine: "counter",
      preference: "normal",
      me: led.me,
      role: "leader",
      online: true,
      durable: false,
      checkpoint: { position: 256 },
    });
    const { members: told, commit } = all[led.id] ?? { members: {}, commit: 0 };
    expect(Object.keys(told).sort()).toEqual(members.map(({ me }) => me).sort());
    for (const member of Object.values(told)) {
      expect(member).toMatchObject({ kind: "data", voting: true, bonded: true });
    }
    const others = Object.entries(told).filter(([id]) => id !== led.me);
    expect(others.map(([, { position, lag }]) => [position, lag])).toEqual([
      [commit, 0],
      [commit, 0],
    ]);

    const {
      mosaik_group_leads: leads,
      mosaik_group_voters: voters,
      mosaik_group_committed: committed,
    } = await inspection.read(MetricsSection);
    expect(leads?.numbers).toEqual({ [led.id]: 1 });
    expect(voters?.numbers).toEqual({ [led.id]: 3 });
    expect(committed?.numbers).toEqual({ [led.id]: commit });

    const giver = await watcher.diagnostics.inspect(watcher.peer);
    const { mosaik_group_command_seconds: times } = await giver.read(MetricsSection);
    expect(times?.distributions[led.id]).toMatchObject({ count: 300 });
    expect(times?.distributions[led.id]?.sum).toBeGreaterThan(300 * 0.001); // the least of a way

    const query = { group: led.id, from: commit - 1 };
    const log = await inspection.read(GroupLogSection, { query });
    expect(log.entries.map(({ kind, commands }) => [kind, commands])).toEqual([
      ["command", ['{"add":299}']],
      ["command", ['{"add":300}']],
    ]);
    await expect(
      inspection.read(GroupLogSection, { query: { group: "none", from: 1 } }),
    ).rejects.toMatchObject({ code: "DIAGNOSTICS_FAILED" });

    const { to } = await inspection.act(StepDownAction, { group: led.id });
    await world.within(5_000, first.when.leaderIs(to.slice(0, 64) as typeof first.me & never));
    await expect(
      inspection.act(StepDownAction, { group: led.id, to: "nobody" }),
    ).rejects.toMatchObject({ code: "DIAGNOSTICS_FAILED", message: "there is no such member" });
    const back = await inspection.act(StepDownAction, { group: led.id, to: leader.peer });
    expect(back.to).toBe(led.me);
    await world.within(5_000, first.when.leaderIs(leader.peer));
    const names = new Set<string>();
    for await (const event of inspection.events()) {
      if (event.kind !== "event") continue;
      const { role = "" } = event.facts;
      names.add(`${event.name} ${role}`.trim());
      if (names.has("group.role-changed follower")) break;
    }
    expect([...names]).toEqual(
      expect.arrayContaining([
        "group.members-changed",
        "group.role-changed leader",
        "group.leader-changed",
      ]),
    );
    for (const node of nodes) await node.close();
  };
  await world.settle(script(), { withinMs: 120_000 });
});
