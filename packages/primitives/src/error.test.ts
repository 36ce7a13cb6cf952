import { describe, expect, it } from "vitest";
import { InvariantError, invariant, isMosaikError, MosaikError } from "./error.ts";

describe("MosaikError", () => {
  it("carries its code, facts and cause", () => {
    const cause = new Error("below");
    const error = new MosaikError("A_CODE", "words", {
      cause,
      retryable: true,
      data: { count: 1 },
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "MosaikError", code: "A_CODE", message: "words" });
    expect(error).toMatchObject({ cause, retryable: true, data: { count: 1 } });
  });

  it("is not retryable, has no facts and no cause unless told", () => {
    const error = new MosaikError("A_CODE", "words");
    expect(error).toMatchObject({ retryable: false, data: {} });
    expect("cause" in error).toBe(false);
  });
});

describe("isMosaikError", () => {
  it("knows one by its brand, of any copy of the package", () => {
    const other = Object.defineProperty(new Error("copy"), Symbol.for("mosaik.error"), {});
    expect(isMosaikError(other)).toBe(true);
    expect(isMosaikError(new Error("another"))).toBe(false);
    for (const value of [null, undefined, "text", 1]) expect(isMosaikError(value)).toBe(false);
  });

  it("compares the code where one is named", () => {
    const error: unknown = new MosaikError("A_CODE", "words");
    expect(isMosaikError(error, "A_CODE")).toBe(true);
    expect(isMosaikError(error, "ANOTHER")).toBe(false);
  });

  it("takes nothing that a codec can decode for one", () => {
    expect(isMosaikError(JSON.parse('{"code":"A_CODE","mosaik.error":true}'))).toBe(false);
  });
});

describe("invariant", () => {
  it("throws where the rule does not hold, and says which", () => {
    expect(() => invariant(true, "rule")).not.toThrow();
    expect(() => invariant(false, "terms only grow")).toThrow(InvariantError);
    expect(() => invariant(false, "terms only grow")).toThrow("terms only grow");
  });
});
