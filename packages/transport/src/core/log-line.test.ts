import { MosaikError } from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logLine } from "./log-line.ts";

const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }))
  .map((points) => String.fromCodePoint(...points));

describe("a log line", () => {
  it("tells the message and each fact", () => {
    const error = new MosaikError("NETWORK_CLOSED", "no", { cause: new Error("because") });
    const facts = { peer: "ab", reason: "too slow", count: 3, bytes: new Uint8Array(4), error };
    expect(logLine("a peer left", facts)).toBe(
      'a peer left peer=ab reason="too slow" count=3 bytes="4 bytes" ' +
        'error="NETWORK_CLOSED: no <- because"',
    );
    expect(logLine("words")).toBe("words");
  });

  it("leaves out what is secret", () => {
    const facts = { secret: "abc", readKey: "def", seeds: ["mosaik:pGduZXR3b3JrZWxvY2FsZXNlZWRz"] };
    const line = logLine("starts", facts);
    expect(line).not.toMatch(/abc|def|pGdu/);
    expect(line).toContain("secret=(hidden) readKey=(hidden)");
  });

  it("is one short line that steers no terminal, whatever the facts are", () => {
    fc.assert(
      fc.property(anyText, fc.anything({ withBigInt: true }), (text, fact) => {
        const line = logLine(text, { [text]: fact, fact: text });
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(line.length).toBeLessThanOrEqual(2_048);
      }),
    );
  });
});
