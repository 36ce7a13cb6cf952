import { type PeerId, randomInteger, seededRandom } from "@mosaik/primitives";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testPeer } from "../../test/entries.ts";
import { gossipLimits } from "../config.ts";
import { Broadcast, type BroadcastEffect } from "./broadcast.ts";
import type { EntryId } from "./entry-id.ts";

const [a, b, c, author] = [testPeer(1), testPeer(2), testPeer(3), testPeer(9)];
const id = (sequence: number, peer = author): EntryId => ({
  peer,
  version: { epoch: 1, sequence },
});
const always = () => true;

function between(...neighbours: readonly PeerId[]): Broadcast {
  const broadcast = new Broadcast();
  for (const peer of neighbours) broadcast.neighbourUp(peer);
  return broadcast;
}

test("an announcement goes to every neighbour", () => {
  expect(between(a, b).published(id(1), 0)).toEqual([
    { kind: "push", to: a, peer: author },
    { kind: "push", to: b, peer: author },
  ]);
});

test("a new entry goes to all but whom it came from", () => {
  expect(between(a, b).received(id(1), a, "new", 0)).toEqual([
    { kind: "push", to: b, peer: author },
  ]);
});

test("who sends what we have is left out of the tree, and told of ids only", () => {
  const broadcast = between(a, b);
  expect(broadcast.received(id(1), a, "duplicate", 0)).toEqual([{ kind: "prune", to: a }]);
  expect(broadcast.published(id(2), 0)).toEqual([{ kind: "push", to: b, peer: author }]);
  expect(broadcast.dueAtMs).toBe(gossipLimits.lazyDelayMs);
  expect(broadcast.tick(gossipLimits.lazyDelayMs, always)).toEqual([
    { kind: "have", to: a, ids: [id(2)] },
  ]);
  expect(broadcast.dueAtMs).toBeUndefined();
});

test("of several versions only the newest is told", () => {
  const broadcast = between(a);
  broadcast.pruned(a);
  for (const sequence of [1, 2, 3]) broadcast.published(id(sequence), 0);
  expect(broadcast.tick(1_000, always)).toEqual([{ kind: "have", to: a, ids: [id(3)] }]);
});

test("an entry that does not come is asked for, first of who told us first", () => {
  const broadcast = between(a, b);
  broadcast.lacking([id(1)], a, false, 0);
  broadcast.lacking([id(1)], b, false, 10);
  expect(broadcast.tick(gossipLimits.graftAfterMs - 1, always)).toEqual([]);
  const [graftMs, retryMs] = [gossipLimits.graftAfterMs, gossipLimits.graftRetryMs];
  expect(broadcast.dueAtMs).toBe(graftMs);
  expect(broadcast.tick(graftMs, always)).toEqual([{ kind: "graft", to: a, ids: [id(1)] }]);
  expect(broadcast.dueAtMs).toBe(graftMs + retryMs);
  expect(broadcast.tick(graftMs + retryMs, always)).toEqual([
    { kind: "graft", to: b, ids: [id(1)] },
  ]);
  expect(broadcast.tick(graftMs + 2 * retryMs, always)).toEqual([]);
  expect(broadcast.dueAtMs).toBeUndefined();
});

test("an entry of somebody unknown is asked for soon", () => {
  const broadcast = between(a);
  broadcast.lacking([id(1)], a, true, 0);
  expect(broadcast.tick(gossipLimits.graftUnknownAfterMs, always)).toEqual([
    { kind: "graft", to: a, ids: [id(1)] },
  ]);
});

test("an entry that comes in time is not asked for", () => {
  const broadcast = between(a, b);
  broadcast.lacking([id(1)], a, false, 0);
  broadcast.received(id(2), b, "new", 1);
  expect(broadcast.tick(gossipLimits.graftAfterMs, always)).toEqual([]);
});

test("an author that announces ever newer versions does not put off the asking", () => {
  const broadcast = between(a);
  broadcast.lacking([id(1)], a, false, 0);
  broadcast.lacking([id(2)], a, false, gossipLimits.graftAfterMs - 1);
  expect(broadcast.tick(gossipLimits.graftAfterMs, always)).toEqual([
    { kind: "graft", to: a, ids: [id(2)] },
  ]);
});

test("who asks for an entry gets it, and those that follow", () => {
  const broadcast = between(a);
  broadcast.pruned(a);
  expect(broadcast.grafted([id(1)], a)).toEqual([{ kind: "push", to: a, peer: author }]);
  expect(broadcast.published(id(2), 0)).toEqual([{ kind: "push", to: a, peer: author }]);
});

test("what came by another way is told to all but whom it came from", () => {
  const broadcast = between(a, b);
  broadcast.learned(id(1), a, 0);
  expect(broadcast.dueAtMs).toBe(gossipLimits.learnedDelayMs);
  expect(broadcast.tick(1_000, always)).toEqual([{ kind: "have", to: b, ids: [id(1)] }]);
});

test("a neighbour without room is told later", () => {
  const broadcast = between(a);
  broadcast.defer(a, id(1), 0);
  expect(broadcast.tick(1_000, () => false)).toEqual([]);
  expect(broadcast.dueAtMs).toBe(1_000 + gossipLimits.lazyDelayMs);
  expect(broadcast.tick(2_000, always)).toEqual([{ kind: "have", to: a, ids: [id(1)] }]);
});

test("ids are told in parts that fit a message", () => {
  const broadcast = between(a);
  const all = Array.from({ length: 600 }, (_, n) => id(1, testPeer(n + 100)));
  for (const each of all) broadcast.defer(a, each, 0);
  const told = broadcast.tick(1_000, always).map((effect) => ("ids" in effect ? effect.ids : []));
  expect(told.map(({ length }) => length)).toEqual([256, 256, 88]);
  expect(told.flat()).toEqual(all);
});

test("a neighbour that went is asked and told no more", () => {
  const broadcast = between(a);
  broadcast.lacking([id(1)], a, false, 0);
  broadcast.defer(a, id(2), 0);
  broadcast.neighbourDown(a);
  expect(broadcast.tick(1_000, always)).toEqual([]);
  expect(broadcast.published(id(3), 0)).toEqual([]);
  broadcast.lacking([id(4)], a, false, 0);
  expect(broadcast.grafted([id(4)], a)).toEqual([]);
  expect(broadcast.dueAtMs).toBeUndefined();
});

test("ids that nobody has the entries of are remembered up to a limit", () => {
  const broadcast = between(a, b, c);
  const many = Array.from({ length: gossipLimits.missingMax + 100 }, (_, n) => id(1, testPeer(n)));
  broadcast.lacking(many, a, false, 0);
  const asked = broadcast
    .tick(1_000, always)
    .flatMap((effect) => ("ids" in effect ? effect.ids : []));
  expect(asked).toHaveLength(gossipLimits.missingMax);
});

interface Flight {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly effect: BroadcastEffect;
  readonly sequence: number;
}

/** A network of broadcasts whose messages each take their time, and lose nothing. */
class Mesh {
  readonly #nodes: { readonly broadcast: Broadcast; held: number; pushes: number }[];
  readonly #random;
  readonly #queue: Flight[] = [];
  nowMs = 0;

  constructor(seed: number, edges: readonly (readonly [number, number])[], size: number) {
    this.#random = seededRandom(seed);
    this.#nodes = Array.from({ length: size }, () => ({
      broadcast: new Broadcast(),
      held: 0,
      pushes: 0,
    }));
    for (const [left, right] of edges) {
      this.#nodes[left]?.broadcast.neighbourUp(testPeer(right));
      this.#nodes[right]?.broadcast.neighbourUp(testPeer(left));
    }
  }

  publish(at: number, sequence: number): void {
    const node = this.#nodes[at];
    if (node === undefined) return;
    node.held = sequence;
    this.#send(at, node.broadcast.published(id(sequence), this.nowMs));
  }

  /** Runs until nothing is on its way or due. Returns how many got the last entry, and the pushes. */
  settle(): { reached: number; pushes: number } {
    const newest = Math.max(...this.#nodes.map(({ held }) => held));
    for (const node of this.#nodes) node.pushes = 0;
    for (;;) {
      this.#queue.sort((left, right) => left.atMs - right.atMs);
      const next = this.#queue[0];
      const due = this.#nodes
        .map(({ broadcast }, index) => ({ index, atMs: broadcast.dueAtMs ?? Infinity }))
        .reduce((first, other) => (other.atMs < first.atMs ? other : first));
      if (next === undefined && due.atMs === Infinity) break;
      if (next !== undefined && next.atMs <= due.atMs) {
        this.#queue.shift();
        this.nowMs = next.atMs;
        this.#deliver(next);
      } else {
        this.nowMs = due.atMs;
        const broadcast = this.#nodes[due.index]?.broadcast;
        if (broadcast !== undefined) this.#send(due.index, broadcast.tick(this.nowMs, always));
      }
    }
    return {
      reached: this.#nodes.filter(({ held }) => held === newest).length,
      pushes: this.#nodes.reduce((sum, { pushes }) => sum + pushes, 0),
    };
  }

  #send(from: number, effects: readonly BroadcastEffect[]): void {
    for (const effect of effects) {
      const to = this.#nodes.findIndex((_, index) => testPeer(index) === effect.to);
      const atMs = this.nowMs + randomInteger(this.#random, 1, 20);
      const sequence = this.#nodes[from]?.held ?? 0;
      this.#queue.push({ atMs, from, to, effect, sequence });
    }
  }

  #deliver({ from, to, effect, sequence }: Flight): void {
    const node = this.#nodes[to];
    if (node === undefined) return;
    const { broadcast } = node;
    const sender = testPeer(from);
    if (effect.kind === "push") {
      node.pushes += 1;
      if (sequence < node.held) return;
      const outcome = sequence === node.held ? "duplicate" : "new";
      node.held = sequence;
      this.#send(to, broadcast.received(id(sequence), sender, outcome, this.nowMs));
    } else if (effect.kind === "prune") broadcast.pruned(sender);
    else if (effect.kind === "graft") this.#send(to, broadcast.grafted(effect.ids, sender));
    else {
      const lacking = effect.ids.filter(({ version }) => version.sequence > node.held);
      broadcast.lacking(lacking, sender, false, this.nowMs);
    }
  }
}

/** A connected graph: a random tree and some more edges. */
const graph = fc.integer({ min: 2, max: 30 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    tree: fc.array(fc.nat(), { minLength: size - 1, maxLength: size - 1 }),
    more: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 2 * size }),
    seed: fc.integer(),
  }),
);

function edgesOf({ tree, more }: { tree: number[]; more: [number, number][] }) {
  const edges = tree.map((parent, index) => [index + 1, parent % (index + 1)] as const);
  return [...edges, ...more.filter(([left, right]) => left !== right)];
}

test("on a connected graph every entry reaches everybody, whoever announces", () => {
  fc.assert(
    fc.property(graph, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (shape, authors) => {
      const mesh = new Mesh(shape.seed, edgesOf(shape), shape.size);
      authors.forEach((author, index) => {
        mesh.publish(author % shape.size, index + 1);
        expect(mesh.settle().reached).toBe(shape.size);
      });
    }),
    { numRuns: 300 },
  );
});

test("after the first announcements an entry goes to each node hardly more than once", () => {
  const size = 60;
  const random = seededRandom(5);
  const ring = Array.from({ length: size }, (_, n) => [n, (n + 1) % size] as const);
  const chords = Array.from({ length: 2 * size }, (_, n) => {
    return [n % size, randomInteger(random, 0, size - 1)] as const;
  }).filter(([left, right]) => left !== right);
  const mesh = new Mesh(3, [...ring, ...chords], size);
  let last = { reached: 0, pushes: 0 };
  for (let sequence = 1; sequence <= 5; sequence++) {
    mesh.publish(0, sequence);
    last = mesh.settle();
  }
  expect(last.reached).toBe(size);
  expect(last.pushes).toBeLessThan(1.2 * size);
});
