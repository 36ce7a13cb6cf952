import {
  deriveKey,
  encodeId,
  encodeUtf8,
  networkId,
  type PeerId,
  peerId,
} from "@mosaik/primitives";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ControlMessage } from "../wire.ts";
import { Handshake, type HandshakeInit } from "./handshake.ts";

const alice = peerId(new Uint8Array(32).fill(1));
const bob = peerId(new Uint8Array(32).fill(2));
const carol = peerId(new Uint8Array(32).fill(3));
const key = deriveKey(encodeUtf8("a secret of the network"), "test");

function side(role: HandshakeInit["role"], changes: Partial<HandshakeInit> = {}): Handshake {
  const [local, remote] = role === "dialler" ? [alice, bob] : [bob, alice];
  const nonce = new Uint8Array(32).fill(role === "dialler" ? 7 : 8);
  return new Handshake({ role, network: networkId("net"), local, remote, nonce, key, ...changes });
}

/** Runs a handshake to its end; `tamper` may change each message on its way. */
function run(
  dialler: Handshake,
  acceptor: Handshake,
  tamper: (message: ControlMessage, index: number) => ControlMessage = (message) => message,
): { dialler: string; acceptor: string } {
  const verdicts = { dialler: "open", acceptor: "open" };
  let step = dialler.start();
  for (let index = 0, turn: "acceptor" | "dialler" = "acceptor"; step.send !== undefined; index++) {
    const message = tamper(step.send, index);
    step = (turn === "acceptor" ? acceptor : dialler).receive(message);
    if (step.admitted) verdicts[turn] = "admitted";
    if (step.refuse !== undefined) verdicts[turn] = step.refuse;
    turn = turn === "acceptor" ? "dialler" : "acceptor";
  }
  return verdicts;
}

describe("the handshake", () => {
  it("admits two ends of one network", () => {
    expect(run(side("dialler"), side("acceptor"))).toEqual({
      dialler: "admitted",
      acceptor: "admitted",
    });
  });

  it("refuses another network before any proof", () => {
    const outcome = run(side("dialler"), side("acceptor", { network: networkId("other") }));
    expect(outcome).toEqual({ dialler: "open", acceptor: "different-network" });
  });

  it("refuses another secret on both sides", () => {
    const other = deriveKey(encodeUtf8("some other secret"), "test");
    expect(run(side("dialler"), side("acceptor", { key: other })).dialler).toBe("wrong-secret");
  });

  it("refuses a dialler that does not know the secret, even one that ignores our proof", () => {
    const acceptor = side("acceptor");
    const hello = side("dialler").start().send;
    if (hello === undefined) throw new Error("no hello");
    acceptor.receive(hello);
    const step = acceptor.receive({ kind: "proof", proof: new Uint8Array(32) });
    expect(step).toEqual({ refuse: "wrong-secret" });
  });

  it("refuses a proof made for other peers: a relay gets nowhere", () => {
    expect(run(side("dialler", { remote: carol as PeerId }), side("acceptor")).dialler).toBe(
      "wrong-secret",
    );
    expect(run(side("dialler"), side("acceptor", { remote: carol })).dialler).toBe("wrong-secret");
  });

  it("refuses its own proof sent back", () => {
    const dialler = side("dialler");
    dialler.start();
    const acceptor = side("acceptor", { local: alice, remote: bob });
    const challenge = acceptor.receive({
      kind: "hello",
      network: encodeId(networkId("net")),
      nonce: new Uint8Array(32).fill(7),
    });
    if (challenge.send === undefined) throw new Error("no challenge");
    expect(dialler.receive(challenge.send).refuse).toBe("wrong-secret");
  });

  it("refuses every change of a single bit on the way", () => {
    fc.assert(
      fc.property(fc.nat(2), fc.nat(2), fc.nat(255), (at, field, bit) => {
        let changed = false;
        const outcome = run(side("dialler"), side("acceptor"), (message, index) => {
          if (index !== at) return message;
          const fields = Object.entries(message).filter(([, value]) => value instanceof Uint8Array);
          const [name, value] = fields[field % fields.length] ?? [];
          if (name === undefined || !(value instanceof Uint8Array)) return message;
          const copy = Uint8Array.from(value);
          copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          changed = true;
          return { ...message, [name]: copy } as ControlMessage;
        });
        expect(changed).toBe(true);
        expect([outcome.dialler, outcome.acceptor]).not.toContain("admitted");
      }),
      { numRuns: 2_000 },
    );
  });

  it("ends at any message out of order", () => {
    const proof = new Uint8Array(32);
    for (const message of [
      { kind: "welcome" },
      { kind: "ping", id: 1 },
      { kind: "proof", proof },
    ] as const) {
      expect(side("acceptor").receive(message).refuse).toBe("protocol-violation");
      const dialler = side("dialler");
      dialler.start();
      expect(dialler.receive(message).refuse).toBe("protocol-violation");
    }
  });
});
