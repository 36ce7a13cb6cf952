import { type PeerId, seededRandom } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testPeer } from "../../test/entries.ts";
import { viewLimits } from "../config.ts";
import { PartialView } from "./partial-view.ts";

const peers = Array.from({ length: 40 }, (_, n) => testPeer(n)).sort();
const peerAt = (index: number): PeerId => peers[index] as PeerId; // there are forty
/** In the middle, so that some are smaller and some are greater. */
const me = peerAt(20);
const [smaller, greater] = [peerAt(0), peerAt(39)];
const others = peers.filter((peer) => peer !== me);

function createView(seed = 1): PartialView {
  return new PartialView({ me, random: seededRandom(seed) });
}

function filled(count: number): PartialView {
  const view = createView();
  for (const peer of others.slice(0, count)) view.answer(peer, "low", 0);
  return view;
}

test("a node without neighbours asks with high priority, others with low", () => {
  expect(createView().pick(others, 0).priority).toBe("high");
  expect(filled(1).pick(others, 0).priority).toBe("low");
});

test("it asks a few at a time until it has enough", () => {
  const view = createView();
  const first = view.pick(others, 0).peers;
  expect(first).toHaveLength(viewLimits.pendingMax);
  expect(view.pick(others, 0).peers).toHaveLength(0);
  for (const peer of first) view.welcomed(peer, 0);
  const second = view.pick(others, 0).peers;
  expect(second).toHaveLength(viewLimits.neighboursTarget - viewLimits.pendingMax);
  for (const peer of second) view.welcomed(peer, 0);
  expect(view.pick(others, 0).peers).toHaveLength(0);
  expect(view.neighbours).toEqual([...first, ...second].sort());
});

test("whoever asks is accepted up to the maximum, then refused", () => {
  const view = filled(viewLimits.neighboursMax);
  expect(view.neighbours).toHaveLength(viewLimits.neighboursMax);
  expect(view.answer(peerAt(39), "low", 0)).toEqual({ accept: false, reason: "full" });
});

test("a node without any neighbour is accepted in place of another", () => {
  const view = filled(viewLimits.neighboursMax);
  const before = view.neighbours;
  const answer = view.answer(peerAt(39), "high", 0);
  expect(answer).toMatchObject({ accept: true, replaces: false });
  expect(before).toContain(answer.accept ? answer.evicted : undefined);
  expect(view.neighbours).toHaveLength(viewLimits.neighboursMax);
  expect(view.isNeighbour(peerAt(39))).toBe(true);
});

test("a peer that refused is not asked again before its time, which doubles", () => {
  const view = createView();
  const asked = (nowMs: number) => view.pick([smaller], nowMs).peers.length > 0;
  expect(asked(0)).toBe(true);
  view.refused(smaller, 0);
  expect(asked(viewLimits.refusedBackoffMs / 2)).toBe(false);
  expect(asked(viewLimits.refusedBackoffMs)).toBe(true);
  view.refused(smaller, 0);
  expect(asked(viewLimits.refusedBackoffMs)).toBe(false);
  expect(asked(2 * viewLimits.refusedBackoffMs)).toBe(true);
});

test("a peer that left may be asked at once", () => {
  const view = filled(1);
  const [peer = me] = view.neighbours;
  view.left(peer);
  expect(view.pick([peer], 0).peers).toEqual([peer]);
});

test("a peer that broke the rules is neither asked nor accepted for a while", () => {
  const view = filled(1);
  const [peer = me] = view.neighbours;
  view.ban(peer, 0);
  view.forgive(peer);
  expect(view.isNeighbour(peer)).toBe(false);
  expect(view.answer(peer, "high", 1)).toEqual({ accept: false, reason: "banned" });
  expect(view.pick([peer], 1).peers).toEqual([]);
  expect(view.answer(peer, "high", viewLimits.bannedMs)).toMatchObject({ accept: true });
});

test("of two requests that cross, both ends keep the one of the smaller peer", () => {
  const towardsGreater = createView();
  towardsGreater.pick([greater], 0);
  expect(towardsGreater.answer(greater, "high", 1)).toEqual({ accept: false, reason: "duplicate" });
  towardsGreater.welcomed(greater, 2);
  expect(towardsGreater.isNeighbour(greater)).toBe(true);

  const towardsSmaller = createView();
  towardsSmaller.pick([smaller], 0);
  expect(towardsSmaller.answer(smaller, "high", 1)).toEqual({
    accept: true,
    replaces: true,
    evicted: undefined,
  });
});

test("a link that was opened just now is kept when the other's request was still on its way", () => {
  const view = createView();
  view.pick([greater], 0);
  view.welcomed(greater, 10);
  expect(view.answer(greater, "low", 20)).toEqual({ accept: false, reason: "duplicate" });
});

test("a neighbour that asks again lost its link, and gets another", () => {
  const view = createView();
  view.pick([greater], 0);
  view.welcomed(greater, 0);
  const later = viewLimits.requestTimeoutMs + 1;
  expect(view.answer(greater, "low", later)).toMatchObject({ accept: true, replaces: true });
});

test("two peers that ask each other, in whatever order, end with one link between them", () => {
  // Both ask; each request and each answer takes its time.
  fc.assert(
    fc.property(fc.array(fc.constantFrom<"a" | "b">("a", "b"), { maxLength: 8 }), (order) => {
      const [a, b] = [smaller, greater];
      const views = {
        a: new PartialView({ me: a, random: seededRandom(1) }),
        b: new PartialView({ me: b, random: seededRandom(2) }),
      };
      views.a.pick([b], 0);
      views.b.pick([a], 0);
      const open = new Set(["a", "b"]); // links, by who opened them
      const inFlight: { from: "a" | "b"; kind: "ask" | "yes" | "no" }[] = [
        { from: "a", kind: "ask" },
        { from: "b", kind: "ask" },
      ];
      const idOf = { a, b };
      for (const side of [...order, ..."abababab"] as ("a" | "b")[]) {
        const index = inFlight.findIndex(({ from }) => from !== side);
        const [message] = index < 0 ? [] : inFlight.splice(index, 1);
        if (message === undefined) continue;
        const { from, kind } = message;
        const [view, link] = [views[side], kind === "ask" ? from : side];
        if (!open.has(link)) continue;
        if (kind === "ask") {
          const answer = view.answer(idOf[from], "low", 1);
          if (answer.accept && answer.replaces) open.delete(side);
          inFlight.push({ from: side, kind: answer.accept ? "yes" : "no" });
        } else if (kind === "yes") view.welcomed(idOf[from], 1);
        else {
          open.delete(side);
          if (!view.isNeighbour(idOf[from])) view.refused(idOf[from], 1);
        }
      }
      expect([...open]).toEqual(["a"]);
      expect([views.a.isNeighbour(b), views.b.isNeighbour(a)]).toEqual([true, true]);
    }),
  );
});

test("whatever happens, places are bounded and neighbours are never ourselves", () => {
  const step = fc.record({
    kind: fc.constantFrom(
      "pick",
      "ask",
      "ask high",
      "welcome",
      "refuse",
      "leave",
      "ban",
      "forgive",
    ),
    peer: fc.nat(others.length - 1).map((index) => others[index] as PeerId),
    passMs: fc.nat(3_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.integer(), (steps, seed) => {
      const view = createView(seed);
      const requested = new Set<PeerId>();
      let nowMs = 0;
      for (const { kind, peer, passMs } of steps) {
        nowMs += passMs;
        if (kind === "pick") for (const each of view.pick(others, nowMs).peers) requested.add(each);
        else if (kind === "welcome" && requested.delete(peer)) view.welcomed(peer, nowMs);
        else if (kind === "refuse" && requested.delete(peer)) view.refused(peer, nowMs);
        else if (kind === "leave" && view.isNeighbour(peer)) view.left(peer);
        else if (kind === "forgive") view.forgive(peer);
        else if (kind === "ban") {
          requested.delete(peer);
          view.ban(peer, nowMs);
        } else if (kind.startsWith("ask")) {
          const banned = view.isBanned(peer, nowMs);
          const answer = view.answer(peer, kind === "ask" ? "low" : "high", nowMs);
          if (answer.accept) requested.delete(peer);
          else if (kind === "ask high")
            expect(banned || requested.has(peer) || peer > me).toBe(true);
        }
        expect(view.neighbours.length + requested.size).toBeLessThanOrEqual(
          viewLimits.neighboursMax,
        );
        expect(view.neighbours).not.toContain(me);
      }
    }),
  );
});
