import fc from "fast-check";
import SuperJSON from "superjson";
import { describe, expect, it } from "vitest";
import { jsonValue, plainValue, superValue } from "../../test/values.ts";
import { decodeUtf8, encodeUtf8 } from "../bytes.ts";
import { superjsonCodec } from "./superjson.ts";

const roundTrip = (value: unknown): unknown => {
  const decoded = superjsonCodec.decode(superjsonCodec.encode(value));
  if (!decoded.ok) throw decoded.error;
  return decoded.value;
};

describe("superjson", () => {
  it("brings back any value as superjson itself does", () => {
    fc.assert(
      fc.property(superValue, (value) => {
        expect(roundTrip(value)).toEqual(value);
        expect(roundTrip(value)).toEqual(SuperJSON.parse(SuperJSON.stringify(value)));
      }),
      { numRuns: 2000 },
    );
  });

  it("brings back values with objects met twice as superjson itself does", () => {
    fc.assert(
      fc.property(plainValue, fc.date({ noInvalidDate: true }), (plain, at) => {
        const shared = { plain, at };
        const value = { first: shared, second: [shared, at, plain] };
        expect(roundTrip(value)).toEqual(SuperJSON.parse(SuperJSON.stringify(value)));
      }),
    );
  });

  it("keeps the items of a Set in place that are met again, which superjson swaps", () => {
    const [first, second] = [{ n: 1 }, { n: 2 }];
    const value = { all: new Set([first, second]), first, second };
    expect(roundTrip(value)).toEqual(value);
  });

  it("writes plain JSON byte for byte as superjson does", () => {
    fc.assert(
      fc.property(jsonValue, (value) => {
        expect(decodeUtf8(superjsonCodec.encode(value))).toBe(SuperJSON.stringify(value));
      }),
    );
  });

  it("writes a value with annotations so that superjson reads it", () => {
    fc.assert(
      fc.property(superValue, (value) => {
        const text = decodeUtf8(superjsonCodec.encode(value));
        expect(SuperJSON.parse(text)).toEqual(value);
      }),
    );
  });

  it("reads what superjson writes, marks for objects met twice left aside", () => {
    const shared = { at: new Date(5) };
    const text = SuperJSON.stringify({ a: shared, b: new Set([shared, { other: 1n }]) });
    expect(text).toContain("referentialEqualities");
    const decoded = superjsonCodec.decode(encodeUtf8(text));
    const value = { a: shared, b: new Set([shared, { other: 1n }]) };
    expect(decoded).toEqual({ ok: true, value });
  });

  it("brings an object met twice back as two", () => {
    const shared = { n: 1 };
    const [first, second] = roundTrip([shared, shared]) as unknown[];
    expect(first).toEqual(second);
    expect(first).not.toBe(second);
  });

  it("keeps nothing that a program registered with superjson", () => {
    class Account {
      balance = 1;
    }
    SuperJSON.registerClass(Account, "Account");
    const text = SuperJSON.stringify({ a: new Account() });
    expect(superjsonCodec.decode(encodeUtf8(text))).toMatchObject({
      ok: false,
      error: { code: "CODEC_MALFORMED" },
    });
    expect(roundTrip(new Account())).toEqual({ balance: 1 });
    expect(roundTrip(new Account())).not.toBeInstanceOf(Account);
  });
});
