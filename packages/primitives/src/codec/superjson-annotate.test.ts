import { describe, expect, it } from "vitest";
import { isMosaikError } from "../error.ts";
import { superjsonCodec } from "./superjson.ts";
import { annotate } from "./superjson-annotate.ts";

const code = (value: unknown): string => {
  try {
    annotate(value);
    return "ok";
  } catch (error) {
    return isMosaikError(error) ? error.code : String(error);
  }
};

describe("annotate", () => {
  it("refuses cycles through every kind of container", () => {
    const array: unknown[] = [new Date(0)];
    array.push(array);
    const object: { at: Date; self?: unknown } = { at: new Date(0) };
    object.self = object;
    const map = new Map<unknown, unknown>();
    map.set("self", map);
    const key = new Map<unknown, unknown>();
    key.set(key, 1);
    const set = new Set<unknown>();
    set.add(set);
    const error = new Error("e");
    error.cause = error;
    for (const cycle of [array, object, map, key, set, error]) {
      expect(code(cycle)).toBe("CODEC_TOO_DEEP");
      expect(() => superjsonCodec.encode(cycle)).toThrow("64 levels");
    }
  });

  it("refuses depth by the JSON that it writes, where a Map takes two levels", () => {
    const maps = (levels: number): unknown =>
      levels === 0 ? 1 : new Map([["inner", maps(levels - 1)]]);
    expect(superjsonCodec.decode(superjsonCodec.encode(maps(32))).ok).toBe(true);
    expect(code(maps(33))).toBe("CODEC_TOO_DEEP");
    const sets = (levels: number): unknown => (levels === 0 ? 1 : new Set([sets(levels - 1)]));
    expect(superjsonCodec.decode(superjsonCodec.encode(sets(64)))).toMatchObject({ ok: true });
    expect(code(sets(65))).toBe("CODEC_TOO_DEEP");
  });

  it("refuses keys that reach a prototype, also below a class that writes itself", () => {
    const bad: unknown = JSON.parse('{"constructor":1}');
    class Own {
      toJSON(): unknown {
        return bad;
      }
    }
    for (const value of [[bad, 1n], new Set([bad]), new Map([[bad, 1]]), [new Own()]]) {
      expect(code(value)).toBe("CODEC_FORBIDDEN_KEY");
    }
    expect(code(new Map([["constructor", 1]]))).toBe("ok");
  });

  it("refuses what superjson would write as something else", () => {
    const named = Object.assign(new Error("e"), { name: 5 });
    const views = [new BigInt64Array(1), new DataView(new ArrayBuffer(1)), Float64Array.of(NaN)];
    for (const value of [() => {}, Symbol("s"), named, 10n ** 20_000n, ...views]) {
      expect(code(value)).toBe("CODEC_UNENCODABLE");
    }
    expect(code([{ toJSON: () => undefined }])).toBe("ok");
    expect(code({ toJSON: () => undefined })).toBe("CODEC_UNENCODABLE");
  });

  it("writes a Buffer so that it comes back as bytes", () => {
    const decoded = superjsonCodec.decode(superjsonCodec.encode(Buffer.from([1, 2])));
    expect(decoded).toEqual({ ok: true, value: Uint8Array.of(1, 2) });
  });
});
