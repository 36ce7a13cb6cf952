import { decodeHex, encodeHex, encodeId, type PeerId } from "@mosaik/primitives";
import { ed25519, systemClock, systemRandom } from "@mosaik/primitives/system";
import { describe, expect, it } from "vitest";

describe("signatures in a browser", () => {
  it("are those of the standard (RFC 8032, 7.1)", () => {
    const secret = "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7";
    const identity = ed25519.identity(decodeHex(secret));
    expect(identity.peer).toBe("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
    expect(encodeHex(identity.sign(decodeHex("af82")))).toBe(
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    );
  });

  it("are taken by the browser's own cryptography, and those made by it are taken", async () => {
    const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
    if (!("privateKey" in pair)) throw new Error("a pair was made");
    const peer = encodeHex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
    const pkcs8 = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
    const identity = ed25519.identity(pkcs8.slice(-32));
    expect(identity.peer).toBe(peer);
    for (const length of [0, 1, 1_000, 100_000]) {
      const bytes = Uint8Array.from(systemRandom.bytes(length));
      const ours = Uint8Array.from(identity.sign(bytes));
      expect(await crypto.subtle.verify("Ed25519", pair.publicKey, ours, bytes)).toBe(true);
      const theirs = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes));
      expect(theirs).toEqual(ours);
      expect(ed25519.verify(peer as PeerId, bytes, theirs)).toBe(true); // 64 hex digits, as it demands
      theirs[length % 64] = (theirs[length % 64] ?? 0) ^ 1;
      expect(ed25519.verify(peer as PeerId, bytes, theirs)).toBe(false);
    }
  });

  it("never throw when they are checked, whatever is given", () => {
    const { peer } = ed25519.identity(new Uint8Array(32).fill(1));
    for (const bad of ["", "zz", `${peer}00`, "00".repeat(32)]) {
      expect(ed25519.verify(bad as PeerId, new Uint8Array(), new Uint8Array(64))).toBe(false);
    }
    expect(encodeId(peer)).toHaveLength(32);
    expect(ed25519.verify(peer, new Uint8Array(), new Uint8Array(3))).toBe(false);
  });
});

describe("the randomness of a browser", () => {
  it("gives numbers from 0 up to 1, evenly, and as many bytes as asked for", () => {
    const values = Array.from({ length: 10_000 }, () => systemRandom.next());
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(values.reduce((sum, value) => sum + value) / 10_000 - 0.5)).toBeLessThan(0.02);
    const many = systemRandom.bytes(200_000); // more than the browser gives at once
    expect(many.subarray(-64).some((byte) => byte !== 0)).toBe(true);
  });
});

describe("the clock of a browser", () => {
  it("runs what is due soon in order, after every promise of the present turn", async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      systemClock.soon(() => order.push("first"));
      systemClock.soon(() => {
        order.push("second");
        resolve();
      });
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => order.push("promise"));
    });
    expect(order).toEqual(["promise", "first", "second"]);
  });

  it("runs a function once after a while, unless it is cancelled", async () => {
    const ran: string[] = [];
    systemClock.after(1, () => ran.push("cancelled")).cancel();
    await new Promise<void>((resolve) => {
      systemClock.after(2, () => {
        ran.push("ran");
        resolve();
      });
    });
    expect(ran).toEqual(["ran"]);
    expect(systemClock.monotonic()).toBeGreaterThan(0);
  });
});
