import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { groupTimings } from "./config.ts";
import { groupIdentity } from "./core/group-identity.ts";
import {
  createGroupKey,
  formatGroupKey,
  GroupKey,
  parseGroupKey,
  stretchGroupKey,
} from "./group-key.ts";

describe("a group key", () => {
  it("is fresh each time, and comes back from its text", () => {
    const [one, two] = [createGroupKey(), createGroupKey()];
    expect(formatGroupKey(one)).not.toBe(formatGroupKey(two));
    expect(formatGroupKey(parseGroupKey(` ${formatGroupKey(one)}\n`))).toBe(formatGroupKey(one));
  });

  it("shows itself nowhere but where it is asked to", () => {
    const key = GroupKey.of(new Uint8Array(16).fill(0xab));
    const shown = [String(key), JSON.stringify({ key }), inspect(key, { showHidden: true })];
    for (const text of shown) expect(text).not.toMatch(/abab|171/);
  });

  it("is refused where it is short, cut or something else, without being repeated", () => {
    expect(() => GroupKey.of(new Uint8Array(15))).toThrow(RangeError);
    const secret = "ab".repeat(16);
    for (const text of ["", secret, `mosaik-key:${secret.slice(1)}`, `mosaik-key:${secret}x`]) {
      try {
        parseGroupKey(text);
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: "GROUP_BAD_KEY" });
        expect(String(error)).not.toContain("abab");
      }
    }
  });

  it("from a passphrase is the same everywhere, another with another salt, and never a short one", () => {
    const key = formatGroupKey(stretchGroupKey("correct horse", "weather"));
    expect(formatGroupKey(stretchGroupKey("correct horse", "weather"))).toBe(key);
    expect(formatGroupKey(stretchGroupKey("correct horse", "traffic"))).not.toBe(key);
    expect(() => stretchGroupKey("short", "weather")).toThrow(RangeError);
  });
});

describe("the identity of a group", () => {
  const agreement = {
    key: GroupKey.of(new Uint8Array(16).fill(1)),
    timings: groupTimings,
    founders: 1,
    minVoters: 2,
    signature: "machine",
  };
  const base = groupIdentity(agreement);

  it("is another one where anything differs that members must agree on", () => {
    const others = [
      { ...agreement, key: GroupKey.of(new Uint8Array(16).fill(2)) },
      { ...agreement, founders: 3 },
      { ...agreement, minVoters: 3 },
      { ...agreement, signature: "other" },
      ...Object.entries(groupTimings).map(([name, value]) => ({
        ...agreement,
        timings: { ...groupTimings, [name]: value + 1 },
      })),
    ].map(groupIdentity);
    const ids = [base, ...others].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set([base, ...others].map(({ announced }) => announced)).size).toBe(ids.length);
  });

  it("says in the catalog neither the id nor anything else by which it could be told", () => {
    expect(base.announced).not.toBe(base.id);
    expect(groupIdentity(agreement)).toEqual(base);
  });
});
