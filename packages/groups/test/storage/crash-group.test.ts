import { encodeUtf8 } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import { defineMachine, type Group, lanTimings } from "../../src/index.ts";
import { type CrashOutcome, MemoryDisk, memoryStorage } from "../../src/storage/memory/index.ts";
import { type Cluster, inCluster, type Node, testKey } from "../cluster.ts";

const commands = 200;
const outstanding = 4;

/** Every so many calls to the disk are tried; all of them with `MOSAIK_EVERY_CRASH=1`, in ten minutes. */
const { MOSAIK_EVERY_CRASH } = process.env;
const stride = MOSAIK_EVERY_CRASH ? 1 : 97;

/** Keeps the numbers that it was given, in order. */
const Numbers = defineMachine({
  name: "numbers",
  create: () => {
    const numbers: number[] = [];
    return {
      apply: (number: number) => numbers.push(number),
      query: (_: "all") => [...numbers],
      snapshot: () => [encodeUtf8(JSON.stringify(numbers))],
      restore: (chunk) => void numbers.push(...JSON.parse(new TextDecoder().decode(chunk))),
      fingerprint: () => encodeUtf8(String(numbers.length)),
    };
  },
});

type NumbersGroup = Group<number, number, "all", number[]>;

/** A member, and the disk that it comes back with. */
interface Member {
  readonly node: Node;
  readonly disk: MemoryDisk;
  readonly group: NumbersGroup;
}

/** Which call to the disk of a member is its last, and what becomes of what was not synced. */
interface Crash {
  readonly role: "leader" | "follower";
  readonly outcome: CrashOutcome;
  readonly call: number;
}

function join(node: Node, disk: MemoryDisk): Promise<NumbersGroup> {
  return node.groups.join({
    key: testKey(),
    machine: Numbers,
    storage: memoryStorage({ disk, segmentBytesMax: 2_048 }),
    founders: 3,
    timings: lanTimings,
    limits: { snapshotEntries: 40, snapshotTrailing: 8 },
  });
}

/** Runs the workload; answers whether the call to crash at was reached. */
async function crashOnce(cluster: Cluster, crash: Crash): Promise<boolean> {
  let calls = 0;
  let victim: Member | undefined;
  let crashed = false;
  const nodes = await cluster.nodes(3);
  const members: Member[] = await Promise.all(
    nodes.map(async (node) => {
      const disk: MemoryDisk = new MemoryDisk({
        fate: () => {
          if (victim?.disk !== disk || crashed || ++calls < crash.call) return "done";
          crashed = true;
          cluster.kill(node);
          disk.crash(crash.outcome);
          return "failed";
        },
      });
      return { node, disk, group: await join(node, disk) };
    }),
  );
  await cluster.until(() => members.every(({ group }) => group.status.value.online), 20_000);
  const isLeader = ({ group }: Member): boolean => group.status.value.role === "leader";
  victim = members.find((member) => isLeader(member) === (crash.role === "leader"));
  const client = members.find((member) => member !== victim && !isLeader(member));
  if (victim === undefined || client === undefined) throw new Error("a role is not there");
  const acknowledged = await work(client.group);
  if (!crashed) return false;

  const node = await cluster.node({ secretKey: cluster.keyOf(victim.node) });
  const back = { node, disk: victim.disk, group: await join(node, victim.disk) };
  const all = [...members.filter((member) => member !== victim), back].map(({ group }) => group);
  const { position } = await client.group.query("all", { consistency: "strong" });
  await Promise.all(all.map((group) => cluster.within(30_000, group.when.committed(position))));
  expect(back.group.me, "it came back as who it was").toBe(victim.group.me);
  const states = await Promise.all(all.map(async (group) => (await group.query("all")).value));
  for (const state of states) {
    expect(state).toEqual(states[0]);
    expect(new Set(state).size, "each was carried out once").toBe(state.length);
    expect(
      acknowledged.filter((number) => !state.includes(number)),
      "none is lost",
    ).toEqual([]);
  }
  return true;
}

/** Gives the commands to a member, a few at a time; answers those that were acknowledged. */
async function work(group: NumbersGroup): Promise<number[]> {
  const acknowledged: number[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < commands) {
      const number = next++;
      await group.execute(number).then(
        () => acknowledged.push(number),
        () => {}, // its outcome is open, or it was not carried out: either is as good
      );
    }
  };
  await Promise.all(Array.from({ length: outstanding }, worker));
  expect(acknowledged.length).toBeGreaterThan(commands / 2);
  return acknowledged;
}

describe("a group of three through 200 commands, with a crash at a call to the disk of", () => {
  const outcomes = ["kept", "dropped", "torn", "reordered"] as const;
  const cases = (["leader", "follower"] as const).flatMap((role) =>
    outcomes.map((outcome) => ({ role, outcome })),
  );

  it.each(cases)(
    "the $role, where what was not synced is $outcome: nothing acknowledged is lost",
    {
      timeout: MOSAIK_EVERY_CRASH ? 7_200_000 : 120_000,
    },
    async ({ role, outcome }) => {
      let crashes = 0;
      for (let call = 1; ; call += stride) {
        let reached = false;
        await inCluster(async (cluster) => {
          reached = await crashOnce(cluster, { role, outcome, call });
        });
        if (!reached) break;
        crashes += 1;
      }
      expect(crashes).toBeGreaterThan(200 / stride);
      if (MOSAIK_EVERY_CRASH) console.warn(`${crashes} crashes of the ${role}, ${outcome}`);
    },
  );
});
