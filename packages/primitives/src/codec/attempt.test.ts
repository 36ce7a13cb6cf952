import { describe, expect, it } from "vitest";
import { MosaikError } from "../error.ts";
import { attemptDecode, attemptEncode } from "./attempt.ts";

const boom = (): never => {
  throw new SyntaxError("boom");
};

describe("attemptDecode", () => {
  it("returns the value, and whatever is thrown as an error with a code", () => {
    expect(attemptDecode("X", () => 1)).toEqual({ ok: true, value: 1 });
    const failed = attemptDecode("X", boom);
    expect(failed).toMatchObject({ ok: false, error: { code: "CODEC_MALFORMED" } });
    expect(failed).toHaveProperty("error.cause", new SyntaxError("boom"));
  });

  it("passes on an error that has a code already", () => {
    const error = new MosaikError("CODEC_TOO_DEEP", "deep");
    const failed = attemptDecode("X", () => {
      throw error;
    });
    expect(failed).toEqual({ ok: false, error });
  });
});

describe("attemptEncode", () => {
  it("throws whatever is thrown as an error with a code", () => {
    const bytes = Uint8Array.of(1);
    expect(attemptEncode("X", () => bytes)).toBe(bytes);
    expect(() => attemptEncode("X", boom)).toThrow("no form in X");
    const error = new MosaikError("CODEC_TOO_DEEP", "deep");
    const fails = (): never => {
      throw error;
    };
    expect(() => attemptEncode("X", fails)).toThrow(error);
  });
});
