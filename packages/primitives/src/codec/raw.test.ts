import { describe, expect, it } from "vitest";
import { rawCodec } from "./raw.ts";

describe("raw", () => {
  it("passes bytes through without copying them", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(rawCodec.encode(bytes)).toBe(bytes);
    expect(rawCodec.decode(bytes)).toEqual({ ok: true, value: bytes });
  });

  it("refuses what is not bytes", () => {
    // @ts-expect-error the compiler refuses it as well
    expect(() => rawCodec.encode("text")).toThrow(TypeError);
  });
});
