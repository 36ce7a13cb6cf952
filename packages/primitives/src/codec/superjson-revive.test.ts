import { describe, expect, it } from "vitest";
import { encodeUtf8 } from "../bytes.ts";
import { superjsonCodec } from "./superjson.ts";

const decode = (json: unknown, values: unknown, v: unknown = 1) =>
  superjsonCodec.decode(encodeUtf8(JSON.stringify({ json, meta: { values, v } })));
const malformed = { ok: false, error: { code: "CODEC_MALFORMED" } };

describe("revive", () => {
  it("revives at the root, by path, and along escaped keys", () => {
    expect(decode("5", ["bigint"])).toEqual({ ok: true, value: 5n });
    expect(decode({ a: ["1"] }, { "a.0": ["bigint"] })).toEqual({ ok: true, value: { a: [1n] } });
    const keys = { "a.b": { "c\\": "1" } };
    const value = { "a.b": { "c\\": 1n } };
    expect(decode(keys, { "a\\.b.c\\\\": ["bigint"] })).toEqual({ ok: true, value });
    expect(decode({ "": "1" }, { "": ["bigint"] })).toEqual({ ok: true, value: { "": 1n } });
  });

  it("refuses annotations of what is not there or not an own slot", () => {
    const json = { a: [1], text: "x", own: { date: "2020-01-01T00:00:00.000Z" } };
    const paths = ["b", "a.1", "a.length", "a.-1", "a.00", "text.0", "text.length", "", "a."];
    const inherited = ["toString", "hasOwnProperty.call", "a.push", "own.valueOf"];
    const polluting = ["__proto__", "__proto__.x", "constructor.prototype.x", "own.__proto__.x"];
    const escaped = ["\\u005f_proto__", "\\__proto__", "a\\"];
    for (const path of [...paths, ...inherited, ...polluting, ...escaped]) {
      for (const annotation of [["undefined"], ["set"], { x: ["undefined"] }]) {
        expect(decode(json, { [path]: annotation })).toMatchObject(malformed);
      }
    }
    expect(Reflect.ownKeys(Object.prototype)).not.toContain("x");
  });

  it("refuses to look inside what is revived already", () => {
    const json = { list: ["1"], text: "1" };
    expect(decode(json, { list: ["set"], "list.0": ["bigint"] })).toMatchObject(malformed);
    expect(decode(json, { list: { 0: ["bigint"] }, "list.0": ["bigint"] })).toMatchObject(
      malformed,
    );
    const values = { a: [{ n: "1" }] };
    expect(decode(values, { a: ["set", { "0.n": ["bigint"] }] })).toMatchObject({ ok: true });
  });

  it("refuses kinds that would run somebody's code or reach a registry", () => {
    for (const kind of ["class", "symbol", "custom", "typed-array", "Function", "__proto__"]) {
      expect(decode("x", [kind])).toMatchObject(malformed);
      for (const name of ["Account", "Function", "Object", "constructor", "BigInt64Array", null]) {
        expect(decode([1], [[kind, name]])).toMatchObject(malformed);
      }
    }
  });

  it("revives each kind only from what its writer makes of it", () => {
    const kinds = {
      bigint: [5, "0x10", "1.5", "", " 1", "1n", "9".repeat(20_000), [1], null],
      number: [5, "5", "nan", null, {}],
      Date: [5, "x", null, ["2020"], {}],
      regexp: [5, "/(/", "/a/zz", null],
      URL: [5, "not a url", null],
      set: ["text", 4, null, { length: 4_000_000_000 }],
      map: ["text", 4, [4], ["ab"], [{ 0: 1, 1: 2 }], null],
      Error: [
        "text",
        null,
        [],
        { name: "n" },
        { name: 1, message: "m" },
        { name: "n", message: {} },
      ],
    };
    for (const [kind, jsons] of Object.entries(kinds)) {
      for (const json of jsons) {
        const outcome = decode(json, [kind]);
        expect(`${kind} ${JSON.stringify(json).slice(0, 30)} ${outcome.ok}`).toMatch(/ false$/);
        expect(outcome).toMatchObject(malformed);
      }
    }
  });

  it("never allocates what a number asks for", () => {
    for (const json of [4_000_000_000, "4000000000", { length: 4_000_000_000 }]) {
      for (const name of ["Uint8Array", "Float64Array"]) {
        expect(decode(json, [["typed-array", name]])).toMatchObject(malformed);
      }
    }
    expect(decode({ a: [] }, { "a.4294967294": ["undefined"] })).toMatchObject(malformed);
    expect(decode([1, 300], [["typed-array", "Uint8Array"]])).toEqual({
      ok: true,
      value: Uint8Array.of(1, 44),
    });
  });

  it("makes errors with the writer's name and no frames of ours", () => {
    const decoded = decode({ name: "Own", message: "m", cause: "1" }, [
      "Error",
      { cause: ["bigint"] },
    ]);
    const error = decoded.ok ? decoded.value : undefined;
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "Own", message: "m", cause: 1n, stack: "Own: m" });
  });

  it("refuses an envelope or annotations of another form", () => {
    for (const text of ["1", "[]", "null", "{}", '{"meta":{"v":1}}', '{"json":1,"meta":null}']) {
      expect(superjsonCodec.decode(encodeUtf8(text))).toMatchObject(malformed);
    }
    for (const values of [
      null,
      1,
      "text",
      [],
      [[]],
      [null],
      { a: null },
      { a: "Date" },
      { a: 1 },
    ]) {
      expect(decode({ a: "1" }, values)).toMatchObject(malformed);
    }
    expect(decode("5", ["bigint"], 0)).toMatchObject(malformed);
    expect(superjsonCodec.decode(encodeUtf8('{"json":1,"meta":{"v":1}}'))).toEqual({
      ok: true,
      value: 1,
    });
  });

  it("takes time in proportion to its bytes, however the annotations are arranged", () => {
    const slots = 20_000;
    const json = Array.from({ length: slots }, () => "1");
    const children = Object.fromEntries(json.map((_, index) => [index, ["bigint"]]));
    const begin = performance.now();
    expect(decode(json, ["set", children])).toMatchObject({ ok: true });
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});
