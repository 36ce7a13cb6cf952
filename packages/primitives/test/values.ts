import fc from "fast-check";

/** A key that every codec takes: none that could reach a prototype. */
export const key = fc
  .string({ unit: "grapheme" })
  .filter((text) => !["__proto__", "constructor", "prototype"].includes(text) && isExact(text));
const text = fc.string({ unit: "grapheme" }).filter(isExact);
const number = fc
  .oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => value + 0); // no -0, which is 0 in most formats

function isExact(value: string): boolean {
  return value.isWellFormed() && !value.startsWith("\uFEFF");
}

/** What JSON keeps. */
export const jsonValue = treeOf(fc.oneof(text, number, fc.boolean(), fc.constant(null)));

/** What every typed codec keeps: JSON's own kinds and bytes. */
export const plainValue = treeOf(
  fc.oneof(text, number, fc.boolean(), fc.constant(null), fc.uint8Array()),
);

/** What MessagePack keeps besides. */
export const packableValue = treeOf(
  fc.oneof(
    text,
    number,
    fc.boolean(),
    fc.constantFrom(null, undefined, NaN, Infinity, -Infinity),
    fc.uint8Array(),
    fc.date({ noInvalidDate: true }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  ),
);

const url = fc.webUrl().map((address) => new URL(address));
const error = fc
  .record({ name: fc.constantFrom("Error", "TypeError", "Own"), message: fc.string() })
  .map(({ name, message }) => Object.assign(new Error(message), { name }));

/** What superjson keeps, Maps and Sets of anything included. */
export const superValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.bigInt(),
      fc.date({ noInvalidDate: true }),
      fc.constantFrom("a", "[.\\\\/]+", "").map((source) => new RegExp(source, "giu")),
      url,
      error,
      fc.uint8Array(),
      fc.float64Array({ noNaN: true, noDefaultInfinity: true }).map(withoutMinusZero),
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(key, fc.constantFrom("a.b", "\\", "a\\.b", "", "0")), tie("value"), {
      maxKeys: 4,
    }),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new Set(items)),
    fc
      .array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 })
      .map((entries) => new Map(entries)),
    tie("value").map((cause) => Object.assign(new Error("outer", { cause }), { name: "Error" })),
  ),
})).value;

function withoutMinusZero(array: Float64Array): Float64Array {
  return array.map((value) => value + 0);
}

function treeOf(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;
}
