import { discovery } from "@mosaik/discovery";
import { concatBytes, decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import { World } from "@mosaik/testing";
import { createNetwork, diagnostics, type Inspection } from "@mosaik/transport";
import { createMemoryNetwork } from "@mosaik/transport/memory";
import { expect, test } from "vitest";
import { captureIdleMs, capturesMax } from "../src/config.ts";
import {
  defineMachine,
  downloadSnapshot,
  type Group,
  GroupSnapshotSection,
  groups,
  readSnapshot,
} from "../src/index.ts";
import { memoryStorage } from "../src/storage/memory/index.ts";
import { Counter, testKey } from "./cluster.ts";

/** Texts that take several pieces. */
const Notes = defineMachine({
  name: "notes",
  create: () => {
    const notes: string[] = [];
    return {
      apply: (note: string) => notes.push(note),
      query: (_: "all") => [...notes],
      snapshot: () => notes.map(encodeUtf8),
      restore: (chunk) => void notes.push(decodeUtf8(chunk)),
    };
  },
});
const notes = ["a", "b", "c", "d"].map((letter) => letter.repeat(150_000));

type NotesGroup = Group<string, number, "all", string[]>;

/** Runs a script with a node that leads a group of its own, and is looked into. */
async function withGroup(
  script: (world: World, group: NotesGroup, inspection: Inspection) => Promise<void>,
): Promise<void> {
  const world = new World({ seed: 1 });
  const system = { clock: world.clock(), random: world.random("network") };
  const memory = createMemoryNetwork(system);
  const run = async (): Promise<void> => {
    const node = await createNetwork({
      network: "test",
      transport: memory.transport({ address: "/memory/1" }),
      services: { discovery: discovery(), groups: groups(), diagnostics: diagnostics() },
      system: { clock: world.clock(), random: world.random("node") },
    });
    const init = { key: testKey(), machine: Notes, founders: 1, storage: memoryStorage() };
    const group = await node.groups.join(init);
    await world.within(20_000, group.when.online());
    await script(world, group, await node.diagnostics.inspect(node.peer));
    await node.close();
  };
  await world.settle(run(), { withinMs: 300_000 });
}

async function collect(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  let all: Uint8Array = new Uint8Array();
  for await (const part of parts) all = concatBytes(all, part);
  return all;
}

test("a file of the state shows it as it was when it was asked for, and gives a machine in it", () =>
  withGroup(async (_, group, inspection) => {
    for (const note of notes) await group.execute(note);
    const download = downloadSnapshot(inspection, group.id);
    const first = await download.next();
    if (first.done) throw new Error("there is more");
    await group.execute("too late"); // while it is read
    const file = concatBytes(first.value, await collect(download));
    for (const size of [1_000, file.byteLength]) {
      const parts = Array.from({ length: Math.ceil(file.byteLength / size) }, (_, at) =>
        file.subarray(at * size, (at + 1) * size),
      );
      const { head, machine } = await readSnapshot(Notes, parts);
      expect(head).toMatchObject({ group: group.id, machine: "notes" });
      expect(machine.query("all")).toEqual(notes);
    }
  }));

test("a file that is cut, changed, of another machine or no snapshot at all is told from one that is whole", () =>
  withGroup(async (_, group, inspection) => {
    for (const note of notes) await group.execute(note);
    const file = await collect(downloadSnapshot(inspection, group.id));
    const changed = Uint8Array.from(file);
    changed[200_000] = 0;
    const wrong = { code: "GROUP_BAD_SNAPSHOT" };
    for (const cut of [0, 3, 100, 300_000, file.byteLength - 36, file.byteLength - 1]) {
      await expect(readSnapshot(Notes, [file.subarray(0, cut)])).rejects.toMatchObject(wrong);
    }
    await expect(readSnapshot(Notes, [changed])).rejects.toMatchObject(wrong);
    await expect(readSnapshot(Notes, [encodeUtf8("some text")])).rejects.toMatchObject(wrong);
    await expect(readSnapshot(Counter, [file])).rejects.toMatchObject({
      ...wrong,
      message: "the snapshot is of 'notes'",
    });
  }));

test("a node holds few states for readers, none that nobody asks for, and gives their pieces in order", () =>
  withGroup(async (world, { id: group }, inspection) => {
    const read = (piece: number, name?: string) =>
      inspection.read(GroupSnapshotSection, {
        query: { group, piece, ...(name === undefined ? {} : { name }) },
      });
    const held = await Promise.all(Array.from({ length: capturesMax }, () => read(0)));
    const [first] = held;
    await expect(read(0)).rejects.toMatchObject({ message: "others read snapshots: try later" });
    await expect(read(2, first?.name)).rejects.toMatchObject({ message: "piece 1 comes next" });
    await world.sleep(captureIdleMs / 2);
    expect(await read(1, first?.name)).toMatchObject({ hash: expect.any(String) });
    await read(0); // in place of the one that is read
    await world.sleep(captureIdleMs);
    await expect(read(1, held[1]?.name)).rejects.toMatchObject({
      message: "it is not held any more: begin again",
    });
    await Promise.all(held.map(() => read(0)));
  }));
