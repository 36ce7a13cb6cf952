import { type GroupId, type NetworkId, type PeerId, seededRandom } from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BondMessage } from "../wire.ts";
import { type BondInit, BondSession, type BondStep } from "./bond-session.ts";

const id = (digit: string): PeerId & NetworkId & GroupId =>
  digit.repeat(64) as PeerId & NetworkId & GroupId; // any 64 digits

const random = seededRandom(7);
const dialler = (): BondInit => ({
  role: "dialler",
  network: id("1"),
  group: id("2"),
  announced: id("3"),
  key: new Uint8Array(32).fill(4),
  local: id("a"),
  remote: id("b"),
  nonce: random.bytes(32),
  incarnation: "one",
  memberKind: "data",
});
const acceptor = (): BondInit => ({
  ...dialler(),
  role: "acceptor",
  local: id("b"),
  remote: id("a"),
  incarnation: "two",
  memberKind: "witness",
});

interface Run {
  readonly left: BondStep[];
  readonly right: BondStep[];
  readonly said: BondMessage[];
}

/** Lets two sessions talk; `on` may change what is on its way, or drop it. */
function talk(
  left: BondSession,
  right: BondSession,
  on: (message: BondMessage, index: number) => BondMessage | undefined = (message) => message,
): Run {
  const run: Run = { left: [], right: [], said: [] };
  const ends = [
    { session: left, steps: run.left },
    { session: right, steps: run.right },
  ] as const;
  const queue: { to: 0 | 1; message: BondMessage }[] = [];
  const note = (from: 0 | 1, step: BondStep): void => {
    ends[from].steps.push(step);
    for (const message of step.send ?? []) {
      run.said.push(message);
      const changed = on(message, run.said.length - 1);
      if (changed) queue.push({ to: from === 0 ? 1 : 0, message: changed });
    }
  };
  note(0, left.start());
  for (let next = queue.shift(); next; next = queue.shift()) {
    note(next.to, ends[next.to].session.receive(next.message));
  }
  return run;
}

const isDone = (steps: readonly BondStep[]): boolean =>
  steps.some(({ established }) => established !== undefined);

describe("a bond session", () => {
  it("establishes a bond between two who know the key, and says who each is", () => {
    const { left, right, said } = talk(new BondSession(dialler()), new BondSession(acceptor()));
    expect(left.at(-1)?.established).toEqual({ incarnation: "two", memberKind: "witness" });
    expect(right.at(-1)?.established).toEqual({ incarnation: "one", memberKind: "data" });
    expect(said.map(({ kind }) => kind)).toEqual([
      "hello",
      "challenge",
      "proof",
      "proof",
      "introduction",
      "introduction",
    ]);
  });

  it("is refused where anything that is proven differs between the two", () => {
    const differences: Partial<BondInit>[] = [
      { network: id("9") },
      { group: id("9") },
      { key: new Uint8Array(32).fill(5) },
      { local: id("c") },
      { remote: id("c") },
    ];
    for (const difference of differences) {
      const other = new BondSession({ ...acceptor(), ...difference });
      const { left, right, said } = talk(new BondSession(dialler()), other);
      expect(right.at(-1)).toEqual({ refuse: "not-proven" });
      expect(isDone(left)).toBe(false);
      expect(said.some(({ kind }) => kind === "introduction")).toBe(false);
    }
    const announced = new BondSession({ ...acceptor(), announced: id("9") });
    expect(talk(new BondSession(dialler()), announced).right).toEqual([{ refuse: "not-found" }]);
  });

  it("is refused when one byte of a nonce or a proof is changed on its way, by the side that sees it", () => {
    const change = fc.record({
      at: fc.nat(3),
      byte: fc.nat(31),
      flip: fc.integer({ min: 1, max: 255 }),
    });
    fc.assert(
      fc.property(change, ({ at, byte, flip }) => {
        const run = talk(new BondSession(dialler()), new BondSession(acceptor()), (said, index) =>
          index === at ? flipped(said, byte, flip) : said,
        );
        const refusals = [...run.left, ...run.right].filter(({ refuse }) => refuse !== undefined);
        expect(refusals).toEqual([{ refuse: "not-proven" }]);
        expect(isDone(run.left) || isDone(run.right)).toBe(false);
        const shared = run.said.filter(({ kind }) => kind === "introduction");
        expect(shared).toEqual([]);
      }),
    );
  });

  it("refuses its own words said back to it", () => {
    const victim = new BondSession(dialler());
    const hello = victim.start().send?.[0];
    if (hello?.kind !== "hello") throw new Error("no hello");
    const [proof] = victim.receive({ kind: "challenge", nonce: hello.nonce }).send ?? [];
    if (proof === undefined) throw new Error("no proof");
    expect(victim.receive(proof)).toEqual({ refuse: "not-proven" });
  });

  it("refuses everything recorded from another session, in whatever order it is replayed", () => {
    const { said } = talk(new BondSession(dialler()), new BondSession(acceptor()));
    const orders = fc.array(fc.nat(said.length - 1), { maxLength: 8 });
    fc.assert(
      fc.property(orders, fc.boolean(), (order, dials) => {
        const victim = new BondSession(dials ? dialler() : acceptor());
        const steps = dials ? [victim.start()] : [];
        for (const index of order) {
          const message = said[index];
          if (message) steps.push(victim.receive(message));
        }
        expect(isDone(steps)).toBe(false);
        const introduced = steps.flatMap(({ send }) => send ?? []);
        expect(introduced.some(({ kind }) => kind === "introduction")).toBe(false);
      }),
    );
  });

  it("is not fooled by a relay that sits between two members under its own id", () => {
    const mallory = id("e");
    const left = new BondSession({ ...dialler(), remote: mallory });
    const right = new BondSession({ ...acceptor(), remote: mallory });
    const { left: a, right: b } = talk(left, right);
    expect(isDone(a) || isDone(b)).toBe(false);
    expect(b.at(-1)).toEqual({ refuse: "not-proven" });
  });

  it("refuses messages out of order, and everything after that", () => {
    const proof: BondMessage = { kind: "proof", proof: new Uint8Array(32) };
    const one = new BondSession(acceptor());
    expect(one.receive(proof)).toEqual({ refuse: "protocol-violation" });
    const hello = new BondSession(dialler()).start().send?.[0];
    if (hello) expect(one.receive(hello)).toEqual({ refuse: "protocol-violation" });
    expect(one.receive({ kind: "bonds", peers: [] })).toEqual({ refuse: "protocol-violation" });
  });

  it("takes the list of bonds only once it is established", () => {
    const [left, right] = [new BondSession(dialler()), new BondSession(acceptor())];
    talk(left, right);
    expect(left.receive({ kind: "bonds", peers: [] })).toEqual({});
    expect(right.established).toBe(true);
  });
});

function flipped(message: BondMessage, at: number, flip: number): BondMessage {
  const change = (bytes: Uint8Array): Uint8Array =>
    bytes.map((byte, index) => (index === at ? byte ^ flip : byte));
  if (message.kind === "proof") return { ...message, proof: change(message.proof) };
  if (message.kind === "hello" || message.kind === "challenge") {
    return { ...message, nonce: change(message.nonce) };
  }
  return message;
}
