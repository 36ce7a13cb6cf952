import { encodeUtf8 } from "@mosaik/primitives";
import fc from "fast-check";

const keys = [
  "__proto__",
  "constructor",
  "prototype",
  "\\u005f_proto__",
  "toString",
  "length",
  "a",
];

/** Pieces of JSON in any order: most break off early, many reach deep. */
export const jsonPieces = fc
  .array(
    fc.constantFrom(
      ...["{", "}", "[", "]", ":", ",", "1", "-0", "1e999", "true", "null", '""', "\\", "\u0000"],
      ...keys.map((key) => `"${key}"`),
      ...['"json":', '"meta":', '"values":', '"v":1', '["Date"]', "{}", "[[]]"],
    ),
    { maxLength: 24 },
  )
  .map((pieces) => encodeUtf8(pieces.join("")));

const path = fc
  .array(fc.constantFrom(...keys, "0", "1", "a\\.b", "\\", "", "4294967294", "push"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join("."));
const kind = fc.constantFrom<unknown>(
  ...["undefined", "bigint", "number", "Date", "regexp", "URL", "Error", "set", "map", "x", null],
  ...["Uint8Array", "Float64Array", "Buffer", "Object"].map((name) => ["typed-array", name]),
  ...[["class", "Object"], ["symbol", "iterator"], ["custom", "x"], ["__proto__"]],
);
const tree = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    kind.map((type) => [type]),
    fc.dictionary(path, tie("tree"), { maxKeys: 3 }),
    fc.tuple(kind, fc.dictionary(path, tie("tree"), { maxKeys: 3 })),
  ),
})).tree;
const slot = fc.constantFrom<unknown>(
  ...["1", "NaN", "-0", "/x/g", "2020-01-01T00:00:00.000Z", "https://a.example/", 4e9, null, true],
  ...[[], ["1", "1"], [["a", "1"]], { a: "1" }, { name: "n", message: "m" }, { length: 4e9 }],
);
const equalities = fc.dictionary(path, fc.array(path, { maxLength: 3 }), { maxKeys: 3 });

/** superjson with annotations of anything, where only some of them fit. */
export const annotated = fc
  .record({
    json: fc.record({ a: slot, "0": slot, "a.b": fc.array(slot, { maxLength: 2 }) }),
    values: tree,
    referentialEqualities: fc.oneof(equalities, fc.tuple(fc.array(path), equalities)),
  })
  .map(({ json, values, referentialEqualities }) =>
    encodeUtf8(JSON.stringify({ json, meta: { v: 1, values, referentialEqualities } })),
  );

const forbidden = ["__proto__", "constructor", "prototype"].map((key) => [...encodeUtf8(key)]);

/** MessagePack tokens, lengths that lie and the extensions that msgpackr would revive. */
export const msgpackPieces = pieces([
  ...[0x80, 0x81, 0x82, 0x90, 0x91, 0x92, 0xa0, 0xa1, 0xa9, 0xab, 0xc0, 0xc1, 0xc3, 0xc4, 0xc6],
  ...[0xc7, 0xc9, 0xca, 0xcb, 0xcf, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xdb, 0xdc, 0xdd],
  ...[0xde, 0xdf, 0x42, 0x62, 0x65, 0x69, 0x70, 0x72, 0x73, 0x74, 0x78, 0x00, 0x01, 0x61, 0xff],
]);

/** CBOR heads, lengths that lie, tags, simple values and indefinite forms. */
export const cborPieces = pieces([
  ...[0x00, 0x17, 0x18, 0x1b, 0x20, 0x3b, 0x40, 0x41, 0x5b, 0x5f, 0x60, 0x61, 0x69, 0x6b, 0x7b],
  ...[0x7f, 0x80, 0x81, 0x82, 0x9b, 0x9f, 0xa0, 0xa1, 0xa2, 0xbb, 0xbf, 0xc0, 0xc2, 0xd9, 0xf4],
  ...[0xf6, 0xf7, 0xf9, 0xfa, 0xfb, 0xff],
]);

function pieces(tokens: readonly number[]): fc.Arbitrary<Uint8Array> {
  const piece = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...tokens).map((token) => [token]) },
    { weight: 1, arbitrary: fc.constantFrom(...forbidden) },
    { weight: 1, arbitrary: fc.constant([0xff, 0xff, 0xff, 0xff]) },
  );
  return fc.array(piece, { maxLength: 20 }).map((all) => Uint8Array.from(all.flat()));
}

/** One of the encodings, with a byte changed, cut short, or with bytes of another put in. */
export function mutated(valid: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const source = fc.constantFrom(...valid);
  return fc
    .tuple(source, source, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(3))
    .map(([bytes, other, at, length, change, way]) => {
      const place = at % (bytes.byteLength + 1);
      if (way === 0) return bytes.slice(0, place);
      if (way === 1) {
        const piece = other.subarray(0, length % (other.byteLength + 1));
        return Uint8Array.from([...bytes.subarray(0, place), ...piece, ...bytes.subarray(place)]);
      }
      const flipped = Uint8Array.from(bytes);
      if (place < flipped.byteLength) {
        const bits = way === 2 ? 1 << (change & 7) : change;
        flipped[place] = (flipped[place] ?? 0) ^ bits;
      }
      return flipped;
    });
}
