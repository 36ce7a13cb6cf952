import {
  encodeId,
  equalBytes,
  type GroupId,
  type NetworkId,
  type PeerId,
  seededRandom,
} from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import type { BondMessage } from "../wire.ts";
import { type BondInit, BondSession, type BondStep } from "./bond-session.ts";

const cases = { numRuns: inject("fuzzCases") };
const timeout = 60_000 + 2 * cases.numRuns;

const id = (digit: string): PeerId & NetworkId & GroupId =>
  digit.repeat(64) as PeerId & NetworkId & GroupId; // any 64 digits

const random = seededRandom(11);
const [alice, bob, mallory] = [id("a"), id("b"), id("e")];
const shared = {
  network: id("1"),
  group: id("2"),
  announced: id("3"),
  key: new Uint8Array(32).fill(4),
  memberKind: "data",
} as const;

function end(role: BondInit["role"], local: PeerId, remote: PeerId): BondInit {
  return { ...shared, role, local, remote, nonce: random.bytes(32), incarnation: `of ${local}` };
}

/** What both ends say and decide; `tamper` may change what is on its way. */
function talk(
  dialler: BondInit,
  acceptor: BondInit,
  tamper: (message: BondMessage, index: number) => BondMessage = (message) => message,
): { readonly said: BondMessage[]; readonly steps: BondStep[] } {
  const ends = [new BondSession(dialler), new BondSession(acceptor)] as const;
  const said: BondMessage[] = [];
  const steps: BondStep[] = [];
  const queue: { to: 0 | 1; message: BondMessage }[] = [];
  const note = (from: 0 | 1, step: BondStep): void => {
    steps.push(step);
    for (const message of step.send ?? []) {
      queue.push({ to: from === 0 ? 1 : 0, message: tamper(message, said.push(message) - 1) });
    }
  };
  note(0, ends[0].start());
  for (let next = queue.shift(); next; next = queue.shift()) {
    note(next.to, ends[next.to].receive(next.message));
  }
  return { said, steps };
}

function flipped(bytes: Uint8Array, at: number, flip: number): Uint8Array {
  return bytes.map((byte, index) => (index === at % bytes.length ? byte ^ flip : byte));
}

/** A message with another byte in the field that it is about. */
function bent(message: BondMessage, at: number, flip: number): BondMessage {
  switch (message.kind) {
    case "hello":
    case "challenge":
      return { ...message, nonce: flipped(message.nonce, at, flip) };
    case "proof":
      return { ...message, proof: flipped(message.proof, at, flip) };
    default:
      return message;
  }
}

/** One thing that only one of the two ends knows otherwise. */
function otherwise(init: BondInit, field: string, at: number, flip: number): BondInit {
  if (field === "key") return { ...init, key: flipped(init.key, at, flip) };
  const before = init[field as "network" | "group" | "local" | "remote" | "announced"]; // one of them
  const digit = before[at] ?? "0";
  const other = ((Number.parseInt(digit, 16) + 1 + (flip % 15)) % 16).toString(16);
  return { ...init, [field]: before.slice(0, at) + other + before.slice(at + 1) };
}

const isDone = ({ established }: BondStep): boolean => established !== undefined;

/** Nothing but what the catalog says anyway, nonces and proofs. */
function expectNoLeak(said: readonly BondMessage[]): void {
  for (const message of said) {
    expect(["hello", "challenge", "proof"]).toContain(message.kind);
    for (const value of Object.values(message)) {
      if (!(value instanceof Uint8Array)) continue;
      expect(equalBytes(value, encodeId(shared.group)) || equalBytes(value, shared.key)).toBe(
        false,
      );
    }
  }
}

describe("whoever attacks a handshake", () => {
  it("makes no bond by changing any single field of what is proven, on either side", {
    timeout,
  }, () => {
    const fields = ["network", "group", "announced", "key", "local", "remote"];
    const change = fc.record({
      field: fc.constantFrom(...fields, "message 0", "message 1", "message 2", "message 3"),
      atDialler: fc.boolean(),
      at: fc.nat(63),
      flip: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ field, atDialler, at, flip }) => {
        let [dialler, acceptor] = [end("dialler", alice, bob), end("acceptor", bob, alice)];
        const [, number] = field.split(" ");
        if (number === undefined && atDialler) dialler = otherwise(dialler, field, at, flip);
        else if (number === undefined) acceptor = otherwise(acceptor, field, at, flip);
        const { said, steps } = talk(dialler, acceptor, (message, index) =>
          String(index) === number ? bent(message, at, flip) : message,
        );
        expect(steps.some(isDone)).toBe(false);
        expect(steps.filter(({ refuse }) => refuse !== undefined).length).toBe(1);
        expectNoLeak(said);
      }),
      cases,
    );
  });

  it("makes no bond by relaying, reflecting, replaying and bending whatever members say", {
    timeout,
  }, () => {
    const { said: recorded } = talk(end("dialler", alice, bob), end("acceptor", bob, alice));
    const proofs = recorded.filter(({ kind }) => kind !== "introduction");
    const act = fc.record({
      session: fc.nat(3),
      message: fc.nat(30),
      at: fc.nat(31),
      flip: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })),
    });
    const roles = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(roles, fc.array(act, { maxLength: 16 }), (dials, acts) => {
        const known = [...proofs];
        const said: BondMessage[] = [];
        const steps: BondStep[] = [];
        const note = (step: BondStep): void => {
          steps.push(step);
          known.push(...(step.send ?? []));
          said.push(...(step.send ?? []));
        };
        const sessions = dials.map((isDialler, number) => {
          const local = number % 2 === 0 ? alice : bob;
          const session = new BondSession(end(isDialler ? "dialler" : "acceptor", local, mallory));
          if (isDialler) note(session.start());
          return session;
        });
        for (const { session, message, at, flip } of acts) {
          const chosen = known[message % known.length];
          if (chosen) note(sessions[session]?.receive(bent(chosen, at, flip)) ?? {});
        }
        expect(steps.some(isDone)).toBe(false);
        expectNoLeak(said);
      }),
      cases,
    );
  });
});
