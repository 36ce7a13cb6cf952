import fc from "fast-check";
import { expect, test } from "vitest";
import { testPeer } from "../../test/entries.ts";
import { ImmutableMap } from "./immutable-map.ts";

const key = fc.nat(300).map(testPeer);
const change = fc.record({ key, value: fc.option(fc.nat(9)) });

function applied(changes: readonly { key: string; value: number | null }[]) {
  let map = ImmutableMap.empty<string, number>();
  const model = new Map<string, number>();
  for (const { key, value } of changes) {
    map = value === null ? map.without(key) : map.with(key, value);
    if (value === null) model.delete(key);
    else model.set(key, value);
  }
  return { map, model };
}

test("it behaves as a Map that iterates in ascending order", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
      const { map, model } = applied(changes);
      const entries = [...model].sort(([left], [right]) => (left < right ? -1 : 1));
      expect([...map]).toEqual(entries);
      expect([...map.keys()]).toEqual(entries.map(([key]) => key));
      expect([...map.values()]).toEqual(entries.map(([, value]) => value));
      expect(map.size).toBe(model.size);
      for (const { key } of changes) {
        expect(map.get(key)).toBe(model.get(key));
        expect(map.has(key)).toBe(model.has(key));
      }
    }),
  );
});

test("a change leaves the map that it was made from as it was", () => {
  fc.assert(
    fc.property(fc.array(change), change, (changes, { key, value }) => {
      const { map } = applied(changes);
      const before = [...map];
      if (value === null) map.without(key);
      else map.with(key, value);
      expect([...map]).toEqual(before);
    }),
  );
});

test("a change shares every other bucket with the map that it was made from", () => {
  const { map } = applied(Array.from({ length: 300 }, (_, n) => ({ key: testPeer(n), value: n })));
  const changed = map.with(testPeer(7), 0);
  const bucketOfSeven = Number.parseInt(testPeer(7).slice(0, 2), 16);
  for (let index = 0; index < 256; index++) {
    if (index === bucketOfSeven || map.bucket(index).size === 0) continue;
    expect(changed.bucket(index)).toBe(map.bucket(index));
  }
});

test("taking out what is not there gives the same map", () => {
  const { map } = applied([{ key: testPeer(1), value: 1 }]);
  expect(map.without(testPeer(2))).toBe(map);
});

test("forEach visits every entry", () => {
  const { map } = applied([{ key: testPeer(1), value: 1 }]);
  const seen: [string, number][] = [];
  map.forEach((value, key) => void seen.push([key, value]));
  expect(seen).toEqual([[testPeer(1), 1]]);
});
