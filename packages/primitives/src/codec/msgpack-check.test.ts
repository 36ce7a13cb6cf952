import { Packr } from "msgpackr/pack";
import { describe, expect, it } from "vitest";
import { decodeHex, encodeHex } from "../bytes.ts";
import { isMosaikError } from "../error.ts";
import { codecDepthMax } from "./codec.ts";
import { msgpackCodec } from "./msgpack.ts";
import { throwIfNotMsgpack } from "./msgpack-check.ts";

const codeOf = (hex: string): string => {
  try {
    throwIfNotMsgpack(decodeHex(hex));
    return "ok";
  } catch (error) {
    return isMosaikError(error) ? error.code : String(error);
  }
};
const text = (value: string): string =>
  [...value].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");

describe("throwIfNotMsgpack", () => {
  it("passes every form of the kinds that we write", () => {
    const forms = ["00", "7f", "e0", "ff", "c0", "c2", "c3", "ca00000000", "cb0000000000000000"];
    const integers = ["cc00", "cd0000", "ce00000000", "cf0000000000000000"];
    const negative = ["d000", "d10000", "d200000000", "d30000000000000000"];
    const texts = ["a0", "a161", "d90161", "da000161", "db0000000161"];
    const bins = ["c40100", "c5000100", "c60000000100"];
    const arrays = ["90", "9101", "dc000101", "dd0000000101"];
    const maps = ["80", "81a16101", "de0001a16101", "df00000001d9016101", "81da00016101"];
    const extensions = [
      "d40000",
      "d6ff00000000",
      "d7ff0000000000000000",
      `c70cff${"00".repeat(12)}`,
    ];
    const all = [forms, integers, negative, texts, bins, arrays, maps, extensions].flat();
    for (const hex of all) expect(`${hex} ${codeOf(hex)}`).toBe(`${hex} ok`);
  });

  it("refuses each of them when it is cut off anywhere, or goes on", () => {
    const whole = "df00000001d90161dc0002cb0000000000000000c70cff000000000000000000000000";
    expect(codeOf(whole)).toBe("ok");
    for (let end = 0; end < whole.length; end += 2) {
      expect(codeOf(whole.slice(0, end))).toBe("CODEC_MALFORMED");
    }
    expect(codeOf(`${whole}00`)).toBe("CODEC_MALFORMED");
  });

  it("refuses what msgpackr would revive: records, references, errors, code, sets, typed arrays", () => {
    const packr = new Packr({ structuredClone: true, moreTypes: true });
    const shared = { a: 1 };
    const revived = [
      [shared, shared],
      new Error("e"),
      /x/,
      new Set([1]),
      new Float32Array(2),
      2n ** 80n,
      { a: 1, b: 2 },
    ];
    for (const value of revived) {
      const bytes = Uint8Array.from(packr.pack(value));
      expect(`${encodeHex(bytes)} ${codeOf(encodeHex(bytes))}`).toMatch(/ CODEC_MALFORMED$/);
    }
    for (const type of ["62", "65", "69", "70", "72", "73", "74", "78"]) {
      expect(codeOf(`d4${type}00`)).toBe("CODEC_MALFORMED");
      expect(codeOf(`d5${type}0000`)).toBe("CODEC_MALFORMED");
      expect(codeOf(`c701${type}00`)).toBe("CODEC_MALFORMED");
    }
    expect(codeOf("c1")).toBe("CODEC_MALFORMED");
  });

  it("refuses keys that are no text, and keys that reach a prototype in any form", () => {
    for (const key of ["01", "c0", "90", "80", "c40161", "d40000"]) {
      expect(codeOf(`81${key}01`)).toBe("CODEC_MALFORMED");
    }
    for (const key of ["__proto__", "prototype", "constructor"]) {
      const length = key.length.toString(16).padStart(2, "0");
      for (const head of [`a${length[1]}`, `d9${length}`, `da00${length}`, `db000000${length}`]) {
        expect(codeOf(`81${head}${text(key)}01`)).toBe("CODEC_FORBIDDEN_KEY");
        expect(codeOf(`${head}${text(key)}`)).toBe("ok");
      }
    }
    expect(codeOf(`81aa${text("prototype_")}01`)).toBe("ok");
    expect(codeOf(`81a9${text("prototypf")}01`)).toBe("ok");
  });

  it("refuses depth and lengths that the bytes do not cover, before anything is allocated", () => {
    expect(codeOf(`${"91".repeat(codecDepthMax)}90`)).toBe("CODEC_TOO_DEEP");
    expect(codeOf(`${"81a161".repeat(codecDepthMax)}80`)).toBe("CODEC_TOO_DEEP");
    for (const token of ["c6", "db", "dd", "df"]) {
      expect(codeOf(`${token}ffffffff`)).toBe("CODEC_MALFORMED");
      expect(codeOf(`${token}ffffffff0000000000`)).toBe("CODEC_MALFORMED");
    }
  });

  it("passes all that the codec writes", () => {
    const value = { at: new Date(0), list: [1n, undefined, NaN], text: "x".repeat(70_000) };
    expect(() => throwIfNotMsgpack(msgpackCodec.encode(value))).not.toThrow();
  });
});
