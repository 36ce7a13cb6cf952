import {
  type Codec,
  decodeId,
  defineMessage,
  type Ed25519,
  encodeId,
  encodeUtf8,
  isId,
  jsonCodec,
  networkId,
  ok,
  openSigned,
  rawCodec,
  signMessage,
  streamId,
  superjsonCodec,
} from "@mosaik/primitives";
import { cborCodec } from "@mosaik/primitives/cbor";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import { ed25519 } from "@mosaik/primitives/system";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, inject, it } from "vitest";
import { annotated, cborPieces, jsonPieces, msgpackPieces, mutated } from "./hostile.ts";
import { type Decode, decodeTotally } from "./total.ts";

const runs = inject("fuzzCases");
const timeoutMs = 240_000;

const values = [
  { id: "a", list: [1, -1, 1.5, "text", true, null], deep: { deeper: { deepest: [] } } },
  [{ name: "x".repeat(40), count: 2 ** 40 }, "é💡", { constructors: 1, proto: "prototype" }],
];
const dated = {
  at: new Date(1.7e12),
  map: new Map([["k", new Set([1n])]]),
  re: /a/g,
  u: undefined,
};
const typed = { bytes: Uint8Array.of(1, 2, 3), error: new Error("e", { cause: -0 }), n: [NaN] };
const packable = { at: new Date(1.7e12 + 1), big: 5n, u: undefined, bytes: Uint8Array.of(1, 2) };

const Ping = defineMessage({
  name: "ping",
  bytesMax: 128,
  schema: v.looseObject({ at: v.number(), peers: v.optional(v.array(v.string())) }),
});
const ping = { at: 1, peers: ["a", "b"] };
const identity = ed25519.identity(new Uint8Array(32).fill(1));
// Lets every signature pass, so that what is behind the check is reached.
const gullible: Ed25519 = { ...ed25519, verify: () => true };
const ids = [encodeId(networkId("a")), encodeId(streamId("b"))];

interface Case {
  readonly decode: Decode;
  readonly valid: readonly Uint8Array[];
  readonly pieces: fc.Arbitrary<Uint8Array>;
}

const encoded = (codec: Codec, ...more: readonly unknown[]): Uint8Array[] =>
  [...values, ...more].map((value) => Uint8Array.from(codec.encode(value)));

const cases: Record<string, Case> = {
  json: { decode: jsonCodec.decode, valid: encoded(jsonCodec), pieces: jsonPieces },
  superjson: {
    decode: superjsonCodec.decode,
    valid: encoded(superjsonCodec, dated, typed),
    pieces: fc.oneof(annotated, jsonPieces),
  },
  msgpack: {
    decode: msgpackCodec.decode,
    valid: encoded(msgpackCodec, packable),
    pieces: msgpackPieces,
  },
  cbor: { decode: cborCodec.decode, valid: encoded(cborCodec), pieces: cborPieces },
  raw: { decode: rawCodec.decode, valid: [encodeUtf8("raw")], pieces: cborPieces },
  message: { decode: Ping.decode, valid: [Ping.encode(ping)], pieces: cborPieces },
  "signed message": {
    decode: (bytes) => openSigned(Ping, bytes, gullible),
    valid: [signMessage(Ping, ping, identity).bytes],
    pieces: cborPieces.map((pieces) => Uint8Array.from([...new Uint8Array(96), ...pieces])),
  },
  id: {
    decode: (bytes) => {
      // The one decoder that may throw, and only for the length.
      if (bytes.byteLength !== 32) expect(() => decodeId(bytes)).toThrow(RangeError);
      else if (!isId(decodeId(bytes))) throw new Error("no id");
      return ok(null);
    },
    valid: ids,
    pieces: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  },
};

describe.each(Object.entries(cases))("the %s decoder", (_name, { decode, valid, pieces }) => {
  const check = (bytes: fc.Arbitrary<Uint8Array>, numRuns: number): void =>
    fc.assert(
      fc.property(bytes, (bytes) => void decodeTotally(decode, bytes)),
      { numRuns },
    );

  it("decodes what was encoded, and is total when it is cut at any length", () => {
    for (const bytes of valid) {
      expect(decodeTotally(decode, bytes)).toBe(true);
      for (let end = 0; end < bytes.byteLength; end++)
        decodeTotally(decode, bytes.subarray(0, end));
    }
  });

  it("is total under garbage", { timeout: timeoutMs }, () => {
    check(fc.uint8Array({ maxLength: 48 }), runs);
  });

  it("is total under valid bytes that were changed", { timeout: timeoutMs }, () => {
    check(mutated(valid), runs);
  });

  it("is total under pieces of its own format", { timeout: timeoutMs }, () => {
    check(pieces, runs);
  });
});

it("no signature passes for changed bytes", { timeout: timeoutMs }, () => {
  const [bytes = new Uint8Array()] = cases["signed message"]?.valid ?? [];
  fc.assert(
    fc.property(mutated([bytes]), (changed) => {
      const same = Buffer.compare(changed, bytes) === 0;
      expect(openSigned(Ping, changed, ed25519).ok).toBe(same);
    }),
    { numRuns: 2000 },
  );
});
