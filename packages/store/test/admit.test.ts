import type { PeerId } from "@mosaik/primitives";
import { expect, it } from "vitest";
import { z } from "zod";
import {
  defineCell,
  defineList,
  defineMap,
  definePriorityQueue,
  defineSet,
  type Store,
  type StoreDefinition,
} from "../src/index.ts";
import { inCluster, type Node, type Opening, testKey } from "./cluster.ts";

const of = { name: "gated", durability: "memory", key: z.number(), value: z.number() } as const;

/** Whom a validator does not admit reads nothing, though it knows the key. */
function gated<Reader extends Store<unknown, unknown>, Writer extends Store<unknown, unknown>>(
  kind: string,
  definition: StoreDefinition<Reader, Writer>,
  write: (writer: Writer) => Promise<{ readonly version: number }>,
  content: (reader: Reader) => unknown,
): void {
  it(`whom a validator does not admit reads nothing of a ${kind}, though it knows the key`, () =>
    inCluster(async (cluster) => {
      const nodes = [await cluster.node(), await cluster.node(), await cluster.node()] as const;
      const invited = new Set(nodes.slice(0, 2).map(({ peer }) => peer));
      const admit = (peer: PeerId): boolean => invited.has(peer);
      const writer = await cluster.writer(definition, { admit }, nodes[0]);
      await cluster.online(writer);
      const guest = await cluster.reader(definition, { admit }, nodes[1]);
      const stranger = await cluster.reader(definition, {}, nodes[2]);
      const nothing = content(stranger);
      await cluster.online(guest);
      const { version } = await write(writer);
      await cluster.reach(version, guest);
      await cluster.sleep(3_000);
      expect(guest.hash).toBe(writer.hash);
      expect(content(guest)).not.toEqual(nothing);
      expect([content(stranger), stranger.status.value.online]).toEqual([nothing, false]);
    }));
}

gated(
  "map",
  defineMap(of),
  (writer) => writer.set(1, 100),
  (reader) => [...reader],
);
gated(
  "list",
  defineList(of),
  (writer) => writer.push(42),
  (reader) => [...reader],
);
gated(
  "set",
  defineSet(of),
  (writer) => writer.add(99),
  (reader) => [...reader],
);
gated(
  "cell",
  defineCell(of),
  (writer) => writer.set(7),
  (reader) => reader.value,
);
gated(
  "priority queue",
  definePriorityQueue(of),
  (writer) => writer.set(10, 1, 100),
  (reader) => [...reader],
);

it("of two validators both must admit", () =>
  inCluster(async (cluster) => {
    const nodes = [await cluster.node(), await cluster.node(), await cluster.node()] as const;
    const [first, second] = [nodes, nodes.slice(0, 2)].map((of) => new Set(of.map((n) => n.peer)));
    const admit = (peer: PeerId): boolean =>
      first?.has(peer) === true && second?.has(peer) === true;
    const writer = await cluster.writer(defineMap(of), { admit }, nodes[0]);
    await cluster.online(writer);
    const [both, one] = [
      await cluster.reader(defineMap(of), { admit }, nodes[1]),
      await cluster.reader(defineMap(of), {}, nodes[2]),
    ];
    const { version } = await writer.set(1, 100);
    await cluster.reach(version, both);
    await cluster.sleep(3_000);
    expect([[...both], [...one]]).toEqual([[[1, 100]], []]);
  }));

it("a rule of admission has no part in which store it is: name, version and key have", () =>
  inCluster(async (cluster) => {
    const open = async (options: Opening = {}, change: { name?: string; version?: number } = {}) =>
      (await cluster.reader(defineMap({ ...of, ...change }), options)).group;
    const plain = await open();
    expect(await open({ admit: () => false })).toBe(plain);
    const others = [
      await open({}, { version: 2 }),
      await open({}, { name: "gated by another" }),
      await open({ key: testKey(2) }),
    ];
    expect(new Set([plain, ...others]).size).toBe(4);
  }));

const isLeader = ({ status }: Pick<Store<unknown, unknown>, "status">): boolean =>
  status.value.role === "leader";

it("a leader without the rule that others have serves whoever knows the key, until one with it leads", () =>
  inCluster(async (cluster) => {
    const nodes = await Promise.all(Array.from({ length: 4 }, () => cluster.node()));
    const [first, second, third, last] = nodes as [Node, Node, Node, Node];
    const invited = new Set([first, second, third].map(({ peer }) => peer));
    const admit = (peer: PeerId): boolean => invited.has(peer);
    const careless = await cluster.writer(defineMap(of), {}, first);
    await cluster.online(careless);
    const writer = await cluster.writer(defineMap(of), { admit }, second);
    const other = await cluster.writer(defineMap(of), { admit }, third);
    const stranger = await cluster.reader(defineMap(of), {}, last);
    await cluster.online(writer, other, stranger);
    expect(isLeader(careless)).toBe(true);
    const voters = () => writer.status.value.members.filter(({ voting }) => voting);
    await cluster.until(() => voters().length === 3);
    const { version } = await writer.set(1, 100);
    await cluster.reach(version, stranger, other);
    expect([...stranger]).toEqual([[1, 100]]);
    cluster.kill(first);
    await cluster.until(() => [writer, other].some(isLeader));
    await cluster.online(writer, other);
    const { version: later } = await writer.set(2, 200);
    await cluster.reach(later, other);
    await cluster.sleep(3_000);
    expect([[...stranger], stranger.status.value.online]).toEqual([[[1, 100]], false]);
  }));

it("a member without the rule that others have lets nobody in to them", () =>
  inCluster(async (cluster) => {
    const nodes = [await cluster.node(), await cluster.node(), await cluster.node()] as const;
    const invited = new Set(nodes.slice(0, 2).map(({ peer }) => peer));
    const admit = (peer: PeerId): boolean => invited.has(peer);
    const writer = await cluster.writer(defineMap(of), { admit }, nodes[0]);
    await cluster.online(writer);
    const careless = await cluster.reader(defineMap(of), {}, nodes[1]);
    const stranger = await cluster.reader(defineMap(of), {}, nodes[2]);
    const { version } = await writer.set(1, 100);
    await cluster.reach(version, careless);
    await cluster.sleep(3_000);
    expect([[...careless], [...stranger]]).toEqual([[[1, 100]], []]);
  }));
