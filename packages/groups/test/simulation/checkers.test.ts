import { describe, expect, test } from "vitest";
import type { Persist } from "../../src/raft/effects.ts";
import { type Entry, noData } from "../../src/raft/entry.ts";
import { configuration, type Member, type MemberKind, memberId } from "../../src/raft/member.ts";
import type { Message } from "../../src/raft/messages.ts";
import { Checkers, Mirror, type Observed } from "./checkers.ts";
import { Disk } from "./disk.ts";
import { SessionCheck } from "./session-check.ts";

const [a, b, c] = [memberId("a", "1"), memberId("b", "1"), memberId("c", "1")];
const voter = (id: Member["id"], kind: MemberKind = "data"): Member => ({ id, kind, voting: true });
const genesis = configuration([voter(a), voter(b), voter(c)]);

const entry = (index: number, term: number, byte = 0): Entry => ({
  index,
  term,
  kind: "command",
  data: Uint8Array.of(byte),
  configuration: undefined,
});
const change = (index: number, term: number, members: readonly Member[]): Entry => ({
  ...entry(index, term),
  kind: "configuration",
  data: noData,
  configuration: configuration(members),
});
const first = change(1, 0, genesis.members);

function batch(entries: readonly Entry[], term = 1, more: Partial<Persist> = {}): Persist {
  const hard = { instance: "i", attempt: 1, term, vote: undefined, commit: 0 };
  const none = { snapshot: undefined, truncateFrom: undefined, compactTo: undefined };
  return { sequence: 1, hard, ...none, entries, ...more };
}

function node(id = a, more: Partial<Observed> = {}): Observed {
  const base = {
    id,
    kind: "data",
    isWitness: false,
    disk: new Disk(),
    mirror: new Mirror(),
  } as const;
  return { ...base, term: 1, isLeader: false, configuration: genesis, ...more };
}

const reply = (message: object): Message =>
  ({
    instance: "i",
    term: 1,
    pre: false,
    granted: true,
    accepted: true,
    ...message,
  }) as unknown as Message; // parts of one

describe("each checker can fail", () => {
  test("one leader a term", () => {
    const checkers = new Checkers();
    checkers.elected(node(a));
    expect(() => checkers.elected(node(b))).toThrow("election safety");
  });

  test("a leader only adds to its log", () => {
    const checkers = new Checkers();
    const leader = node(a, { isLeader: true });
    checkers.persisting(leader, batch([first, entry(2, 1)]));
    const cut = batch([], 1, { truncateFrom: 2 });
    expect(() => checkers.persisting(leader, cut)).toThrow("cuts its log while it leads");
  });

  test("logs match", () => {
    const checkers = new Checkers();
    checkers.persisting(node(a), batch([first, entry(2, 1, 1)]));
    expect(() => checkers.persisting(node(b), batch([first, entry(2, 1, 2)]))).toThrow("log match");
  });

  test("a leader has all that was committed", () => {
    const checkers = new Checkers();
    const one = node(a);
    checkers.persisting(one, batch([first, entry(2, 1)]));
    for (const each of [first, entry(2, 1)]) checkers.applied(one, each, [one]);
    expect(() => checkers.elected(node(b, { term: 2 }))).toThrow("leader completeness");
  });

  test("members apply the same, and have the same states", () => {
    const checkers = new Checkers();
    checkers.applied(node(a), entry(1, 1, 1), []);
    expect(() => checkers.applied(node(b), entry(1, 1, 2), [])).toThrow("state machine safety");
    checkers.state(node(a), 1, 7);
    expect(() => checkers.state(node(b), 1, 8)).toThrow("states differ");
  });

  test("terms, votes and what is committed never go back", () => {
    const checkers = new Checkers();
    const one = node();
    checkers.stepped(one, "a", 2, 5);
    expect(() => checkers.stepped(one, "a", 1, 5)).toThrow("goes back in terms");
    expect(() => checkers.stepped(one, "a", 2, 4)).toThrow("takes back what is committed");
    expect(() => checkers.stepped(one, "b", 2, 5)).toThrow("turns to another founding");
    one.disk.hard = { instance: "i", attempt: 1, term: 3, vote: b, commit: 0 };
    checkers.durable(one);
    expect(() => checkers.persisting(one, batch([], 2))).toThrow("goes back in terms");
    expect(() => checkers.persisting(one, batch([], 3))).toThrow("changes its vote");
    one.disk.hard = { ...one.disk.hard, vote: undefined };
    expect(() => checkers.started(one)).toThrow("without the vote it gave");
    one.disk.hard = undefined;
    expect(() => checkers.started(one)).toThrow("an earlier term");
  });

  test("what is acknowledged is durable on a majority, and as often as it could be", () => {
    const checkers = new Checkers();
    const [one, two, three] = [node(a), node(b), node(c)];
    const disks = new Map([one, two, three].map((each) => [each.id, each.disk]));
    checkers.persisting(one, batch([first, entry(2, 1)]));
    expect(() => checkers.acknowledged(one, 2, 2, disks)).toThrow("acknowledged as another");
    one.disk.entries = [first, entry(2, 1)];
    expect(() => checkers.acknowledged(one, 2, 1, disks)).toThrow("durable on 1 of 3");
    three.disk.entries = [first, entry(2, 1)];
    checkers.acknowledged(one, 2, 1, disks);

    const withWitness = change(1, 0, [voter(a), voter(b), voter(c, "witness")]);
    const leader = node(a, { disk: one.disk });
    const others = new Checkers();
    others.persisting(leader, batch([withWitness, entry(2, 1)]));
    others.acknowledged(leader, 2, 1, disks);
    const both = new Set([b]);
    expect(() => others.acknowledged(leader, 2, 1, disks, both)).toThrow("with 1 copies, 2 could");
  });

  test("nothing is said before it is durable, and observers do not vote", () => {
    const checkers = new Checkers();
    const one = node();
    const vote = reply({ kind: "vote-reply" });
    expect(() => checkers.sent(one, b, vote)).toThrow("votes before its vote is durable");
    expect(() => checkers.sent(node(a, { kind: "observer" }), b, vote)).toThrow(
      "observes and votes",
    );
    const request = reply({ kind: "vote-request", lastIndex: 1, lastTerm: 1, forced: false });
    expect(() => checkers.sent(one, b, request)).toThrow("stands before its vote");
    const beat = reply({ kind: "heartbeat-reply", round: 0 });
    expect(() => checkers.sent(one, b, beat)).toThrow("a term that is not durable");
    one.disk.hard = { instance: "i", attempt: 1, term: 1, vote: undefined, commit: 0 };
    const has = reply({ kind: "append-reply", index: 2, hintIndex: 0, hintTerm: 0 });
    expect(() => checkers.sent(one, b, has)).toThrow("confirms before it is durable");
    checkers.persisting(one, batch([first, entry(2, 1)]));
    one.disk.entries = [first, entry(2, 0)];
    expect(() => checkers.sent(one, b, has)).toThrow("has another entry for");
  });

  test("members change one voter at a time, when the last change is decided and confirmed", () => {
    const two = [voter(a), voter(b)];
    const start = (): [Checkers, Observed] => {
      const checkers = new Checkers();
      const leader = node(a, { isLeader: true });
      checkers.persisting(leader, batch([first, entry(2, 1)]));
      return [checkers, leader];
    };
    const [checkers, leader] = start();
    const one = change(3, 1, [voter(a)]);
    expect(() => checkers.persisting(leader, batch([one]))).toThrow("changes two voters");

    const [early, soon] = start();
    const dropC = change(3, 1, two);
    expect(() => early.persisting(soon, batch([dropC]))).toThrow("not committed");

    const [others, next] = start();
    for (const each of [first, entry(2, 1)]) others.applied(next, each, []);
    others.persisting(next, batch([dropC]));
    others.applied(next, dropC, []);
    others.stepped(next, "a", 1, 3);
    const again = change(4, 1, [voter(a)]);
    expect(() => others.persisting(next, batch([again]))).toThrow("not confirmed");
  });

  test("commands take effect once and in order", () => {
    const check = new SessionCheck();
    const request = {
      client: 1,
      sequence: 2,
      key: 0,
      kind: "write",
      expected: 0,
      value: 1,
    } as const;
    check.tookEffect(request, 5);
    expect(() => check.tookEffect(request, 6)).toThrow("takes effect at 5 and at 6");
    expect(() => check.tookEffect({ ...request, sequence: 1 }, 7)).toThrow("change places");
  });
});
