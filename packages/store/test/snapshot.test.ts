import { superjsonCodec } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, it } from "vitest";
import { formatPrint } from "../src/core/print.ts";
import type { MapMachine } from "../src/machines/map-machine.ts";
import { Room } from "../src/shell/room.ts";
import { RoomMachine } from "../src/shell/room-machine.ts";
import type { Item } from "./model/kind.ts";
import { mapKind } from "./model/map-model.ts";
import { range } from "./scenarios/play.ts";

type State = MapMachine<string | number, Item>;

function fresh(): { room: Room; machine: RoomMachine; map: () => State } {
  const room = new Room();
  const machine = new RoomMachine(room, [mapKind.machine()]);
  return { room, machine, map: () => room.state.machines[0] as State };
}

function set(machine: RoomMachine, position: number, key: number, value: number): void {
  machine.apply([[0, "set", key, superjsonCodec.encode(value)]], { position, term: 1 });
}

function filled(count: number): ReturnType<typeof fresh> {
  const made = fresh();
  for (const n of range(1, count)) set(made.machine, n, n, n % 10);
  return made;
}

it("equal states give equal chunks, whatever the history, and after a restore", () => {
  const straight = filled(5_000);
  const winding = fresh();
  for (const n of range(1, 5_000)) set(winding.machine, n, 5_001 - n, 9);
  for (const n of range(1, 5_000)) set(winding.machine, n, n, n % 10);
  const chunks = [...straight.machine.snapshot()];
  expect(chunks.length).toBeGreaterThan(3);
  expect([...winding.machine.snapshot()]).toEqual(chunks);
  const restored = fresh();
  const target = new RoomMachine(restored.room, [mapKind.machine()]);
  for (const chunk of chunks) target.restore(chunk.slice());
  expect([...target.snapshot()]).toEqual(chunks);
  expect(restored.room.state.versions).toEqual([5_000]);
  expect(formatPrint(restored.map().print)).toBe(formatPrint(straight.map().print));
});

it("two snapshots are read while changes go on, and show none of them", () => {
  const { machine } = filled(3_000);
  const expected = [...machine.snapshot()];
  const [one, other] = [machine.snapshot(), machine.snapshot()].map((all) =>
    all[Symbol.iterator](),
  );
  const read: [Uint8Array[], Uint8Array[]] = [[], []];
  for (let at = 0; at < expected.length; at++) {
    for (const [which, chunks] of [one, other].entries()) read[which]?.push(chunks?.next().value);
    for (const n of range(1, 50)) set(machine, 3_001 + at, at * 100 + n, 7);
  }
  expect(read).toEqual([expected, expected]);
});

it("a chunk that was changed, left out or comes twice is found, and never served", () => {
  const whole = filled(2_000);
  const chunks = [...whole.machine.snapshot()];
  const spoilt = fc.record({
    how: fc.constantFrom("flip", "drop", "twice"),
    at: fc.nat(chunks.length - 1),
    byte: fc.nat(),
    mask: fc.integer({ min: 1, max: 255 }),
  });
  fc.assert(
    fc.property(spoilt, ({ how, at, byte, mask }) => {
      const bad = chunks.map((chunk) => chunk.slice());
      const chunk = bad[at] ?? new Uint8Array();
      if (how === "flip") {
        const index = byte % chunk.length;
        chunk[index] = (chunk[index] ?? 0) ^ mask;
      } else bad.splice(at, how === "drop" ? 1 : 0, ...(how === "drop" ? [] : [chunk]));
      const { room, map } = fresh();
      const target = new RoomMachine(room, [mapKind.machine()]);
      let failure: unknown;
      try {
        for (const each of bad) target.restore(each);
      } catch (error) {
        failure = error;
      }
      if (failure !== undefined) {
        expect(failure).toMatchObject({ code: "STORE_SNAPSHOT_CORRUPT" });
      }
      // All of it or nothing: entries that come twice are the same, and a number has two forms.
      if (map().size === 0) expect(failure !== undefined || how === "drop").toBe(true);
      else expect([map().print, room.state.versions]).toEqual([whole.map().print, [2_000]]);
    }),
    { numRuns: 300 },
  );
});
