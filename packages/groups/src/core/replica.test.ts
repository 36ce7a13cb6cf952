import { decodeUtf8, encodeUtf8, jsonCodec } from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Entry } from "../raft/entry.ts";
import { defineMachine, Rejection } from "../state-machine.ts";
import { encodeCommandFrame } from "./command-frame.ts";
import { Replica } from "./replica.ts";

const Register = defineMachine({
  name: "register",
  command: z.union([z.number(), z.string()]),
  create: () => {
    const values: (number | string)[] = [];
    return {
      apply: (value, { position }) => {
        if (value === "refuse") throw new Rejection("no");
        if (value === "throw") throw new TypeError(`${position}`);
        if (value === "function") return (() => {}) as unknown as { at: number };
        values.push(value);
        return { at: values.length };
      },
      query: (_: "all") => values,
      snapshot: () => values.map((value) => encodeUtf8(JSON.stringify(value))),
      restore: (chunk) => {
        values.push(JSON.parse(decodeUtf8(chunk)) as number | string);
      },
      fingerprint: () => encodeUtf8(JSON.stringify(values)),
    };
  },
});

const thrown: unknown[] = [];
const replica = () => new Replica(Register, (error) => thrown.push(error));

type Pieces = Iterable<Uint8Array | undefined>;

function piecesOf(pieces: Pieces): Uint8Array[] {
  return [...pieces].filter((piece) => piece !== undefined);
}

function restore(into: ReturnType<typeof replica>, pieces: Pieces): boolean {
  const restoring = into.restoration();
  const isTaken = (piece: Uint8Array): boolean => [...restoring.take(piece)].every(Boolean);
  return piecesOf(pieces).every(isTaken) && restoring.finish();
}

function entry(index: number, sequence: number, ...values: readonly unknown[]): Entry {
  const commands = values.map((value) => Register.command.codec.encode(value as number));
  const frame = { session: "12345678", sequence, settled: 0, givenAt: 0, commands };
  const data = encodeCommandFrame(frame);
  return { index, term: 1, kind: "command", data, configuration: undefined };
}

describe("a replica", () => {
  it("answers a command with what the machine returned", () => {
    expect(replica().apply(entry(1, 1, 5, 6))).toEqual({
      position: 1,
      session: "12345678",
      sequence: 1,
      verdict: "fresh",
      outcomes: [
        { kind: "result", result: { at: 1 } },
        { kind: "result", result: { at: 2 } },
      ],
    });
  });

  it("rejects what the machine refuses, throws at, does not take or cannot answer, and goes on", () => {
    const one = replica();
    const outcomes = one.apply(entry(1, 1, "refuse", "throw", { no: 1 }, "function", 7))?.outcomes;
    expect(outcomes).toEqual([
      { kind: "rejected", reason: "no" },
      { kind: "rejected", reason: "the machine threw" },
      { kind: "rejected", reason: "the command does not fit its schema" },
      { kind: "rejected", reason: "the result does not encode" },
      { kind: "result", result: { at: 1 } },
    ]);
  });

  it("skips what is no command, and bytes that are none", () => {
    const one = replica();
    const noop: Entry = { ...entry(1, 1, 1), kind: "noop", data: new Uint8Array(0) };
    expect(one.apply(noop)).toBeUndefined();
    expect(one.apply({ ...entry(2, 1, 1), data: Uint8Array.of(9) })).toBeUndefined();
    expect(one.position).toBe(2);
  });

  it("carries out a retry once and recalls the answer, also from a snapshot", () => {
    const one = replica();
    one.apply(entry(1, 1, 5));
    expect(one.apply(entry(2, 1, 5))?.verdict).toBe("duplicate");
    const two = replica();
    expect(restore(two, one.snapshot())).toBe(true);
    expect(two.position).toBe(2);
    expect(two.recall("12345678", 1)).toEqual({
      position: 1,
      session: "12345678",
      sequence: 1,
      verdict: "fresh",
      outcomes: [{ kind: "result", result: { at: 1 } }],
    });
    expect(two.recall("12345678", 2)).toBe("unseen");
    expect(two.query("all")).toEqual([5]);
  });

  it("has the same checkpoints as another with the same entries, snapshot between or not", () => {
    const kinds = fc.constantFrom<unknown>(1, "x", "refuse", "throw", null);
    fc.assert(
      fc.property(fc.array(kinds, { minLength: 256, maxLength: 300 }), fc.nat(255), (all, at) => {
        const one = replica();
        let two = replica();
        all.forEach((value, index) => {
          if (index === at) {
            const next = replica();
            expect(restore(next, two.snapshot())).toBe(true);
            two = next;
          }
          one.apply(entry(index + 1, index + 1, value));
          two.apply(entry(index + 1, index + 1, value));
        });
        expect(one.checkpoint?.position).toBe(256);
        expect(two.checkpoint).toEqual(one.checkpoint);
      }),
      { numRuns: 20 },
    );
  });

  it("finds a machine that did something else", () => {
    const [one, two] = [replica(), replica()];
    for (let index = 1; index <= 256; index++) {
      one.apply(entry(index, index, index));
      two.apply(entry(index, index, index === 9 ? 0 : index));
    }
    expect(two.checkpoint?.hash).not.toBe(one.checkpoint?.hash);
  });

  it("takes no snapshot that was cut or changed in its head", () => {
    const [piece = new Uint8Array(0)] = piecesOf(replica().snapshot());
    expect(restore(replica(), [piece.subarray(0, piece.byteLength - 1)])).toBe(false);
    expect(restore(replica(), [])).toBe(false);
    expect(restore(replica(), [jsonCodec.encode("nonsense")])).toBe(false);
  });

  it("gives the state of the moment it was asked, though it goes on before that is read", () => {
    const frames = fc.array(fc.constantFrom<unknown>(1, "x", "refuse"), { maxLength: 20 });
    fc.assert(
      fc.property(frames, frames, (before, after) => {
        const one = replica();
        for (const value of before) one.apply(entry(one.position + 1, one.position + 1, value));
        const then = [...one.query("all")];
        const pieces = one.snapshot();
        for (const value of after) one.apply(entry(one.position + 1, one.position + 1, value));
        const two = replica();
        expect(restore(two, pieces)).toBe(true);
        expect(two.query("all")).toEqual(then);
        expect(two.recall("12345678", before.length + 1)).toBe("unseen");
        for (const value of after) two.apply(entry(two.position + 1, two.position + 1, value));
        expect([...two.snapshot()]).toEqual([...one.snapshot()]);
      }),
    );
  });

  it("keeps what it has where a snapshot turns out to be none, or its machine refuses it", () => {
    const [one, two] = [replica(), replica()];
    one.apply(entry(1, 1, 5));
    two.apply(entry(1, 1, 6));
    two.apply(entry(2, 2, 7));
    const [piece = new Uint8Array(0)] = piecesOf(two.snapshot());
    expect(restore(one, [piece.subarray(0, piece.byteLength - 1)])).toBe(false);
    const changed = piece.slice();
    changed[piece.byteLength - 1] = 0x7b; // a brace: no number
    expect(() => restore(one, [changed])).toThrow(SyntaxError);
    expect([one.position, one.query("all")]).toEqual([1, [5]]);
    expect(one.recall("12345678", 2)).toBe("unseen");
  });
});
