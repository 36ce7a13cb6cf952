import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInvite, isInvite, parseInvite } from "./invite.ts";

describe("an invite", () => {
  it("survives being pasted", () => {
    const invite = {
      network: "wetter ☂",
      seeds: ["/ip4/127.0.0.1/tcp/4100"],
      secret: "sixteen bytes ok",
    };
    const text = formatInvite(invite);
    expect(text).toMatch(/^mosaik:[A-Za-z0-9_-]+$/);
    expect(isInvite(text)).toBe(true);
    expect(isInvite(` ${text}\n`)).toBe(true);
    expect(parseInvite(` ${text}\n`)).toEqual(invite);
  });

  it("carries the keys to look into nodes, where it should", () => {
    const keys = { readKey: "sixteen letters!", writeKey: "sixteen others!!" };
    const invite = { network: "n", seeds: ["localhost:1"], ...keys };
    expect(parseInvite(formatInvite(invite))).toEqual(invite);
  });

  it("without a secret carries none", () => {
    const text = formatInvite({ network: "n", seeds: ["localhost:1"] });
    expect(parseInvite(text)).toEqual({ network: "n", seeds: ["localhost:1"] });
  });

  it("that was cut or made up is refused with a code", () => {
    const text = formatInvite({ network: "n", seeds: ["localhost:1"] });
    for (let length = 0; length < text.length; length++) {
      expect(() => parseInvite(text.slice(0, length))).toThrow(
        expect.objectContaining({ code: "NETWORK_BAD_INVITE" }),
      );
    }
    fc.assert(
      fc.property(fc.string(), (garbage) => {
        expect(() => parseInvite(`mosaik:${garbage}`)).toThrow(
          expect.objectContaining({ code: "NETWORK_BAD_INVITE" }),
        );
      }),
    );
  });
});
