import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import { type ControlMessage, ControlProtocol } from "./wire.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const id = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const message: fc.Arbitrary<ControlMessage> = fc.oneof(
  fc.record({ kind: fc.constant("hello" as const), network: bytes32, nonce: bytes32 }),
  fc.record({
    kind: fc.constant("challenge" as const),
    network: bytes32,
    nonce: bytes32,
    proof: bytes32,
  }),
  fc.record({ kind: fc.constant("proof" as const), proof: bytes32 }),
  fc.record({ kind: fc.constant("welcome" as const) }),
  fc.record({ kind: fc.constant("ping" as const), id }),
  fc.record({ kind: fc.constant("pong" as const), id }),
);

describe("control messages", () => {
  it("arrive as they were sent", () => {
    fc.assert(
      fc.property(message, (sent) => {
        const decoded = ControlProtocol.message.decode(ControlProtocol.message.encode(sent));
        expect(decoded).toEqual({ ok: true, value: sent });
      }),
    );
  });

  it("that were changed or cut are refused or are other messages, and never throw", () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat(255), fc.nat(), (sent, at, value, length) => {
        const bytes = ControlProtocol.message.encode(sent);
        bytes[at % bytes.byteLength] = value;
        const cut = bytes.subarray(0, length % (bytes.byteLength + 1));
        const decoded = ControlProtocol.message.decode(cut);
        if (!decoded.ok) expect(decoded.error.code).toMatch(/^MESSAGE_/);
      }),
      { numRuns: inject("fuzzCases") },
    );
  });

  it("of garbage never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        ControlProtocol.message.decode(bytes);
      }),
      { numRuns: inject("fuzzCases") },
    );
  });
});
