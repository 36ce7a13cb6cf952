import { expect, it } from "vitest";
import type { Fact } from "./fact.ts";
import { Recording } from "./recording.ts";
import { View } from "./view.ts";

const [a, b] = ["a".repeat(64), "b".repeat(64)];
const entry = (name: string) => ({
  tags: ["voter", `name=${name}`],
  addresses: [],
  offers: {},
  signedAt: 0,
});
const member = (peer: string) => ({ peer, kind: "data", voting: true, bonded: true });

function membership(me: string, of: object): object {
  return {
    machine: "ledger",
    preference: "normal",
    me: `${me}#1`,
    state: "running",
    role: "follower",
    term: 1,
    leader: `${a}#1`,
    instance: "i",
    conflicts: [],
    members: { [`${a}#1`]: member(a), [`${b}#1`]: member(b) },
    lastIndex: 9,
    commit: 9,
    applied: 9,
    lag: 0,
    online: true,
    durable: true,
    alarms: [],
    ...of,
  };
}

function viewOf(first: object, second: object | undefined): View {
  const recording = new Recording();
  const group = (peer: string, of: object): Fact => {
    return {
      at: 2,
      kind: "section",
      peer,
      name: "groups",
      delta: { to: { g: membership(peer, of) } },
    } as Fact;
  };
  recording.add([
    { at: 1, kind: "began", network: "n", me: "me" },
    { at: 1, kind: "entry", peer: a, entry: entry("one") },
    { at: 1, kind: "entry", peer: b, entry: entry("two") },
    group(a, first),
    ...(second === undefined ? [] : [group(b, second)]),
  ]);
  return new View(recording.now, recording.events);
}

it("a group that somebody leads and where voters are online is no problem", () => {
  const view = viewOf({ role: "leader" }, {});
  expect(view.problems).toEqual([]);
  expect(view.verdict).toBe("2 nodes, 1 group healthy, no problems");
});

it("a group that nobody leads cannot commit", () => {
  const lost = { leader: undefined, online: false };
  expect(viewOf(lost, lost).problems).toMatchObject([
    { severity: "error", title: "Group ledger cannot commit" },
  ]);
});

it("states that differ at one position are the first problem", () => {
  const at = (hash: string) => ({ checkpoint: { position: 8, hash } });
  const view = viewOf({ role: "leader", ...at("x") }, at("y"));
  expect(view.problems).toMatchObject([{ severity: "error", title: "Group ledger has diverged" }]);
});

it("a member that halted is named, with its reason", () => {
  const view = viewOf({ role: "leader" }, { state: "halted", reason: "the disk is full" });
  expect(view.problems).toMatchObject([
    { title: "two halted in group ledger", detail: "the disk is full" },
  ]);
});

it("a voter that was not looked into yet is missed by nobody", () => {
  expect(viewOf({ role: "leader" }, undefined).problems).toEqual([]);
});

it("states agree once a member has told its own, and nobody has another", () => {
  const states = (first: object, second: object): string | undefined =>
    viewOf({ role: "leader", ...first }, second).groups[0]?.states;
  const at = (position: number, hash: string) => ({ checkpoint: { position, hash } });
  expect(states({}, {})).toBe("not compared");
  expect(states(at(256, "x"), {})).toBe("agree");
  expect(states(at(256, "x"), at(256, "x"))).toBe("agree");
  expect(states(at(512, "y"), at(256, "x"))).toBe("agree");
  expect(states(at(256, "x"), at(256, "y"))).toBe("differ");
});
