import { discovery } from "@mosaik/discovery";
import { concatBytes, digest } from "@mosaik/primitives";
import { systemClock as clock } from "@mosaik/primitives/system";
import { until } from "@mosaik/testing";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import { expect, it } from "vitest";
import { groups, lanTimings } from "../../src/index.ts";
import { Member as AnyMember } from "../grower.ts";

function start(seeds: readonly string[]) {
  return createNetwork({
    network: "groups-net-test",
    seeds: [...seeds],
    transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
    services: { discovery: discovery(), groups: groups() },
  });
}
class Member extends AnyMember<Awaited<ReturnType<typeof start>>> {}

/** The work of several processes in one, beside other tests: elections are not tested here. */
const timings = { ...lanTimings, heartbeatMs: 100, electionMinMs: 1_500, electionMaxMs: 2_000 };
/** The state has 8 MiB: 32 pieces. */
const records = 128;

async function stateOf(member: Member): Promise<string> {
  return digest("test/state", concatBytes(...(await member.records())));
}

const eventually = (holds: () => boolean): Promise<void> =>
  until(holds, { clock, withinMs: 30_000 });

/** Three members with a large state, the leader first, and a node that has not joined. */
async function scene(members: Member[]): Promise<readonly [Member, Member, Member, Member]> {
  const seeds: string[] = [];
  for (let count = 0; count < 4; count++) {
    const node = await start(seeds);
    seeds.push(node.invite());
    members.push(new Member(node));
  }
  const [newcomer, ...old] = members;
  await Promise.all(old.map((member) => member.join(3, { timings })));
  await eventually(() => old.every(({ group }) => group.status.value.online));
  const leads = ({ group }: Member): boolean => group.status.value.role === "leader";
  const leader = old.find(leads);
  const [one, two] = old.filter((member) => !leads(member));
  if (!newcomer || !leader || !one || !two) throw new Error("no such group");
  await leader.group.execute(records);
  for (let count = 0; count < 40; count++) await leader.group.execute(0);
  await eventually(() => old.every(({ saved }) => saved > 0));
  return [leader, one, two, newcomer];
}

it("a newcomer gets a large state over sockets in pieces from several members, while writes go on and one of them is closed", async () => {
  const members: Member[] = [];
  try {
    const [leader, closing, staying, newcomer] = await scene(members);
    let served = 0;
    closing.instead = async (read) => {
      await eventually(() => staying.reads > 0); // both are asked before one of them goes
      if (++served === 3) void closing.node.close();
      return read();
    };
    let isOver = false;
    let written = 0;
    const writing = (async () => {
      for (; !isOver; written++) await leader.group.execute(written % 50 === 0 ? 1 : 0);
    })();
    await newcomer.join(3, { timings });
    await eventually(() => newcomer.group.status.value.applied > 0);
    isOver = true;
    await writing;

    const { commit } = leader.group.status.value;
    await newcomer.group.when.committed(commit);
    await staying.group.when.committed(commit);
    expect(closing.group.status.value.state).toBe("closed");
    expect(served).toBeGreaterThanOrEqual(3);
    expect(staying.reads).toBeGreaterThan(3);
    expect(written).toBeGreaterThan(0);
    const [one, ...others] = await Promise.all([leader, staying, newcomer].map(stateOf));
    expect(others).toEqual([one, one]);
  } finally {
    await Promise.all(members.map(({ node }) => node.close()));
  }
}, 60_000);
