import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Trace } from "./trace.ts";
import { World } from "./world.ts";

async function hashOf(seed: number): Promise<string> {
  const world = new World({ seed });
  const random = world.random("test");
  const clock = world.clock();
  const step = (): void => {
    world.trace.record("step", "a", "b", random.bytes(10));
    if (world.trace.count < 100) clock.after(random.next() * 10, step);
  };
  step();
  await world.run(2000);
  expect(world.trace.count).toBe(100);
  return world.trace.hash;
}

describe("a trace", () => {
  it("has the same hash for the same seed, and another for another", async () => {
    expect(await hashOf(1)).toBe(await hashOf(1));
    expect(await hashOf(1)).not.toBe(await hashOf(2));
  });

  it("tells apart records that differ in anything", () => {
    const record = fc.record({
      at: fc.nat(3),
      kind: fc.constantFrom("", "a", "aa"),
      from: fc.constantFrom("", "a", "aa"),
      to: fc.constantFrom("", "a", "aa"),
      bytes: fc.uint8Array({ maxLength: 3 }),
    });
    const hashOfRecord = ({
      at,
      kind,
      from,
      to,
      bytes,
    }: typeof record extends fc.Arbitrary<infer R> ? R : never): string => {
      const trace = new Trace({ now: () => at });
      trace.record(kind, from, to, bytes);
      return trace.hash;
    };
    const text = (value: unknown): string =>
      JSON.stringify(value, (_, item) => (item instanceof Uint8Array ? [...item] : item));
    fc.assert(
      fc.property(record, record, (a, b) => {
        expect(hashOfRecord(a) === hashOfRecord(b)).toBe(text(a) === text(b));
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps the last records, and tells of each", () => {
    const told: string[] = [];
    const trace = new Trace({ now: () => 1.5, keep: 3, onRecord: ({ kind }) => told.push(kind) });
    for (let index = 0; index < 20; index++) trace.record(`${index}`, "a", "b");
    expect(trace.tail.map(({ kind }) => kind)).toEqual(["17", "18", "19"]);
    expect([trace.count, told.length]).toEqual([20, 20]);
    expect(`${trace}`.split("\n")[2]).toBe("1.500 ms  19  a -> b  0 bytes");
  });
});
