import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { snapshotPiecesAsked, snapshotPiecesWindow, snapshotPieceTimeoutMs } from "../config.ts";
import { memberId } from "../raft/member.ts";
import { PiecePlan } from "./piece-plan.ts";

const [leader, one, two] = ["leader", "one", "two"].map((name) =>
  memberId("ab".repeat(32), name),
) as [ReturnType<typeof memberId>, ReturnType<typeof memberId>, ReturnType<typeof memberId>];
const bytesOf = (piece: number): Uint8Array => Uint8Array.of(piece);
const isGenuine = (piece: number, bytes: Uint8Array): boolean => bytes[0] === piece;

function plan(pieces: number, ...members: readonly ReturnType<typeof memberId>[]): PiecePlan {
  const made = new PiecePlan(pieces, leader, isGenuine);
  for (const id of members) made.provide(id);
  return made;
}

function handOnAll(fetching: PiecePlan): number {
  let count = 0;
  for (; fetching.next; count++) fetching.handOn();
  return count;
}

describe("the pieces of a snapshot", () => {
  it("are asked of all but the leader, evenly, and no more than a few of each", () => {
    const requests = plan(100, leader, one, two).requests(0);
    expect(requests.map(({ piece }) => piece)).toEqual(requests.map((_, at) => at));
    for (const id of [one, two]) {
      expect(requests.filter(({ to }) => to === id)).toHaveLength(snapshotPiecesAsked);
    }
    expect(requests.some(({ to }) => to === leader)).toBe(false);
  });

  it("are asked of the leader where nobody else has them, and of the others again later", () => {
    const fetching = plan(6, leader, one);
    fetching.requests(0);
    fetching.gone(one, 10);
    expect(fetching.requests(10)[0]).toEqual({ to: leader, piece: 0 });
    for (const piece of [0, 1, 2, 3]) fetching.arrived(leader, piece, bytesOf(piece), 5_000);
    expect(fetching.requests(5_000)).toEqual([
      { to: one, piece: 4 },
      { to: leader, piece: 5 },
    ]);
    fetching.arrived(one, 4, bytesOf(4), 5_001);
    fetching.withdraw(leader, 5_001);
    expect(fetching.requests(5_001)).toEqual([{ to: one, piece: 5 }]);
  });

  it("are asked of another where one is silent for too long, and count where they come after all", () => {
    const fetching = plan(2, one, two);
    expect(fetching.requests(0)).toEqual([
      { to: one, piece: 0 },
      { to: two, piece: 1 },
    ]);
    fetching.arrived(two, 1, bytesOf(1), 3);
    expect(fetching.nextMs(3)).toBe(snapshotPieceTimeoutMs);
    expect(fetching.requests(snapshotPieceTimeoutMs)).toEqual([{ to: two, piece: 0 }]);
    expect(fetching.arrived(one, 0, bytesOf(0), snapshotPieceTimeoutMs + 1)).toBe("taken");
    expect(handOnAll(fetching)).toBe(2);
    expect(fetching.isWhole).toBe(true);
  });

  it("that were not asked for, or came already, are no sign of life", () => {
    const fetching = plan(100, one, two);
    fetching.requests(0);
    const asked = fetching.arrived(one, 0, bytesOf(0), 1_000);
    expect(asked).toBe("taken");
    for (let ms = 2_000; ms < 1_000 + snapshotPieceTimeoutMs; ms += 1_000) {
      expect(fetching.arrived(one, ms % 2_000 ? 0 : 99, bytesOf(0), ms)).toBe("needless");
    }
    fetching.arrived(two, 1, bytesOf(1), 4_000);
    const again = fetching.requests(1_000 + snapshotPieceTimeoutMs);
    expect(again.some(({ to }) => to === one)).toBe(false);
    expect(again.some(({ piece }) => piece === 2)).toBe(true); // as "one" had been asked for it
  });

  it("that are not what was offered do not count, and their sender is asked no more", () => {
    const fetching = plan(2, leader, one);
    fetching.requests(0);
    expect(fetching.arrived(one, 0, bytesOf(9), 1)).toBe("wrong");
    expect(fetching.next).toBeUndefined();
    fetching.provide(one);
    expect(fetching.requests(60_000).every(({ to }) => to === leader)).toBe(true);
  });

  it("cannot be had where the leader has none and nobody is asked", () => {
    const fetching = plan(2, leader, one);
    fetching.requests(0);
    fetching.withdraw(one, 0);
    expect(fetching.isHopeless).toBe(false);
    fetching.requests(1);
    fetching.gone(leader, 2);
    expect(fetching.requests(2)).toEqual([]);
    expect(fetching.isHopeless).toBe(true);
  });

  it("are asked of the leader too where the others come and go, and give nothing", () => {
    const fetching = plan(1, leader, one, two);
    for (const id of [one, two]) {
      expect(fetching.requests(0)).toEqual([{ to: id, piece: 0 }]);
      fetching.withdraw(id, 0);
      fetching.provide(id);
    }
    expect(fetching.requests(0)).toEqual([{ to: leader, piece: 0 }]);
  });

  it("all come, in order and within the window, whoever lies, stalls, goes or comes, while one is honest", () => {
    const act = fc.constantFrom("gives", "lies", "stalls", "has none", "goes", "comes");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80 }), fc.array(act), (pieces, acts) => {
        const fetching = plan(pieces, leader, one, two);
        const asked = new Map<number, ReturnType<typeof memberId>>();
        const ask = (): void => {
          for (const { to, piece } of fetching.requests(now)) {
            expect(piece).toBeLessThan(handedOn + snapshotPiecesWindow);
            asked.set(piece, to);
          }
        };
        let handedOn = 0;
        let now = 0;
        for (let step = 0; !fetching.isWhole; step++) {
          expect(step).toBeLessThan(5_000);
          ask();
          const [piece, to] = [...asked][step % Math.max(1, asked.size)] ?? [0, leader];
          const does = to === leader ? "gives" : (acts[step % acts.length] ?? "gives");
          asked.delete(piece);
          if (does === "gives") fetching.arrived(to, piece, bytesOf(piece), now);
          else if (does === "lies") fetching.arrived(to, piece, bytesOf(piece + 1), now);
          else if (does === "has none") fetching.gone(to, now);
          else if (does === "goes") fetching.withdraw(to, now);
          else if (does === "comes") fetching.provide(to);
          while (fetching.next) {
            expect(fetching.next).toEqual(bytesOf(handedOn));
            fetching.handOn();
            handedOn++;
          }
          ask();
          now = asked.size > 0 ? now + 1 : Math.min(fetching.nextMs(now), now + 1_000);
        }
        expect(handedOn).toBe(pieces);
      }),
    );
  });
});
