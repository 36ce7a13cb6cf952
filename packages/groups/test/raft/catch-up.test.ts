import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/raft/entry.ts";
import type { RaftLimits } from "../../src/raft/limits.ts";
import { type MemberId, memberId } from "../../src/raft/member.ts";
import type { Anchor } from "../../src/raft/messages.ts";
import { stretchBytes, stretchDigest } from "../../src/raft/stretch-digest.ts";
import { envelope, genesis, leader, limits, logOf, me, one, Rig, three, two } from "./rig.ts";

const lateMs = 2 * limits.electionMinMs;

/** One that has the first entry, and is told to fetch the rest in stretches of so many. */
class Fetcher extends Rig {
  readonly #log: readonly Entry[];

  constructor(
    log: readonly Entry[],
    each: number,
    providers: readonly MemberId[],
    others: Partial<RaftLimits> = {},
  ) {
    super(me, [genesis], others);
    this.#log = log;
    this.receive(leader, anchorOf(log, each, providers));
  }

  /** Its leader is there all the time. */
  override pass(ms: number): void {
    this.now += ms;
    this.receive(leader, { kind: "heartbeat", ...envelope, commit: 1, round: 0 });
    super.pass(0);
  }

  /** Whom it asks for what, as text, and what it tells its leader. */
  asks(): string[] {
    return this.sent().flatMap(({ to, message }) => {
      if (message.kind === "fetch") {
        return [`${to.split("#")[0]} ${message.fromIndex}-${message.toIndex}`];
      }
      return message.kind === "append-reply" ? [`has ${message.index}`] : [];
    });
  }

  /** Somebody sends entries, the log's own unless they are changed. */
  answer(
    from: MemberId,
    [first, last]: readonly [number, number],
    change: (entry: Entry) => Entry = (entry) => entry,
  ): void {
    const entries = this.#log.slice(first - 1, last).map(change);
    this.receive(from, { kind: "fetch-reply", ...envelope, fromIndex: first, entries });
  }

  get last(): number {
    return this.node.status().lastIndex;
  }
}

function anchorOf(log: readonly Entry[], each: number, providers: readonly MemberId[]): Anchor {
  const points: Anchor["points"][number][] = [];
  for (let from = 1; from < log.length; from += each) {
    const entries = log.slice(from, from + each);
    const index = entries.at(-1)?.index ?? 0;
    points.push({ index, bytes: stretchBytes(entries), digest: stretchDigest(entries) });
  }
  return { kind: "anchor", ...envelope, fromIndex: 1, points, providers };
}

const otherData = (entry: Entry): Entry => ({ ...entry, data: entry.data.map((byte) => byte ^ 1) });
const log = logOf(12, 10);

describe("catching up", () => {
  it("asks each provider for a stretch, and takes all at once when all is there", () => {
    const fetcher = new Fetcher(log, 4, [one, two]);
    expect(fetcher.asks()).toEqual(["one 2-5", "two 6-9"]);
    fetcher.answer(two, [6, 9]);
    expect(fetcher.asks()).toEqual(["two 10-13"]);
    fetcher.answer(two, [10, 13]);
    expect(fetcher.last).toBe(1);
    fetcher.answer(one, [2, 5]);
    expect(fetcher.asks()).toEqual(["has 13"]);
    expect(fetcher.node.entries(2, 20)).toEqual(log.slice(1));
  });

  it("goes on with a stretch where an answer ended", () => {
    const fetcher = new Fetcher(log, 12, [one]);
    fetcher.asks();
    fetcher.answer(one, [2, 4]);
    expect(fetcher.asks()).toEqual(["one 5-13"]);
    fetcher.answer(one, [5, 13]);
    expect(fetcher.asks()).toEqual(["has 13"]);
  });

  it("takes the stretch from a provider that stalls, which is asked again once, after all others", () => {
    const fetcher = new Fetcher(log, 4, [one, two]);
    expect(fetcher.asks()).toEqual(["one 2-5", "two 6-9"]);
    fetcher.pass(lateMs - 1);
    fetcher.answer(two, [6, 9]);
    expect(fetcher.asks()).toEqual(["two 10-13"]);
    fetcher.pass(1);
    expect(fetcher.asks()).toEqual([]); // nobody else is idle
    fetcher.answer(two, [10, 13]);
    expect(fetcher.asks()).toEqual(["two 2-5"]);
    fetcher.pass(lateMs);
    expect(fetcher.asks()).toEqual(["one 2-5"]);
    fetcher.pass(lateMs);
    expect(fetcher.asks()).toEqual(["two 2-5"]);
    fetcher.pass(lateMs);
    expect(fetcher.asks()).toEqual(["has 1"]);
  });

  it("takes the stretch from a provider that trickles: one answer more wins it no time", () => {
    const fetcher = new Fetcher(log, 12, [one, two]);
    expect(fetcher.asks()).toEqual(["one 2-13"]);
    for (const index of [2, 3, 4]) {
      fetcher.pass(lateMs / 4);
      fetcher.answer(one, [index, index]);
      expect(fetcher.asks()).toEqual([`one ${index + 1}-13`]);
    }
    fetcher.pass(lateMs / 4);
    expect(fetcher.asks()).toEqual(["two 2-13"]);
    fetcher.answer(one, [5, 13]);
    fetcher.answer(two, [2, 13]);
    expect(fetcher.asks()).toEqual(["has 13"]);
  });

  it("leaves a stretch that takes several answers to a provider that is slow with each", () => {
    const bytes = stretchBytes(log.slice(1));
    const fetcher = new Fetcher(log, 12, [one, two], { appendBytesMax: bytes / 3 });
    expect(fetcher.asks()).toEqual(["one 2-13"]);
    for (const first of [2, 6]) {
      fetcher.pass(lateMs - 1);
      fetcher.answer(one, [first, first + 3]);
      expect(fetcher.asks()).toEqual([`one ${first + 4}-13`]);
    }
    fetcher.pass(lateMs - 1);
    fetcher.answer(one, [10, 13]);
    expect(fetcher.asks()).toEqual(["has 13"]);
  });

  it("takes the stretch from a provider that vanishes at once, and asks it again when it is back", () => {
    const fetcher = new Fetcher(log, 6, [one, two]);
    fetcher.asks();
    fetcher.bond(one, false);
    expect(fetcher.asks()).toEqual([]);
    fetcher.answer(two, [8, 13]);
    expect(fetcher.asks()).toEqual(["two 2-7"]);
    fetcher.bond(one, true);
    fetcher.bond(two, false);
    expect(fetcher.asks()).toEqual(["one 2-7"]);
    fetcher.answer(one, [2, 7]);
    expect(fetcher.asks()).toEqual(["has 13"]);
  });

  it.each<[string, (fetcher: Fetcher) => void]>([
    ["has nothing", (fetcher) => fetcher.answer(one, [2, 1])],
    ["says something else", (fetcher) => fetcher.answer(one, [2, 13], otherData)],
    ["vanishes", (fetcher) => fetcher.bond(one, false)],
  ])("leaves it to the leader at once where the only provider %s", (_what, happens) => {
    const fetcher = new Fetcher(log, 12, [one]);
    expect(fetcher.asks()).toEqual(["one 2-13"]);
    happens(fetcher);
    expect(fetcher.asks()).toEqual(["has 1"]);
    fetcher.answer(one, [2, 13]);
    expect(fetcher.asks()).toEqual([]);
    expect(fetcher.last).toBe(1);
  });

  it("leaves it to the leader at once where it has a bond with no provider", () => {
    expect(new Fetcher(log, 12, [memberId("stranger", "1")]).asks()).toEqual(["has 1"]);
  });

  it("leaves aside what comes early, late, or twice", () => {
    const fetcher = new Fetcher(log, 4, [one, two]);
    fetcher.asks();
    fetcher.answer(two, [10, 13]); // nobody asked yet
    fetcher.answer(three, [2, 5]); // not asked
    fetcher.answer(one, [3, 5]); // not where the stretch goes on
    expect(fetcher.asks()).toEqual([]);
    fetcher.answer(one, [2, 3]);
    fetcher.answer(one, [2, 3]);
    expect(fetcher.asks()).toEqual(["one 4-5"]);
    fetcher.pass(lateMs - 1);
    fetcher.answer(two, [6, 9]);
    fetcher.answer(two, [6, 9]);
    expect(fetcher.asks()).toEqual(["two 10-13"]);
    fetcher.pass(lateMs - 1);
    fetcher.answer(one, [4, 5]); // too late: it was given up
    expect(fetcher.asks()).toEqual([]);
    fetcher.answer(two, [10, 13]);
    fetcher.answer(two, [10, 13], otherData);
    expect(fetcher.asks()).toEqual(["two 2-5"]);
    fetcher.answer(two, [2, 5]);
    expect(fetcher.asks()).toEqual(["has 13"]);
    fetcher.answer(two, [2, 5], otherData);
    expect(fetcher.node.entries(2, 20)).toEqual(log.slice(1));
  });

  it("is over where the leader has sent it meanwhile", () => {
    const fetcher = new Fetcher(log, 12, [one]);
    fetcher.asks();
    const append = { kind: "append", ...envelope, prevIndex: 1, prevTerm: 0 } as const;
    fetcher.receive(leader, { ...append, entries: log.slice(1), commit: 13, answered: true });
    expect(fetcher.asks()).toEqual(["has 13"]);
    fetcher.pass(lateMs);
    expect(fetcher.asks()).toEqual([]);
  });

  it("keeps and hashes no more bytes than the leader says a stretch has", () => {
    const fetcher = new Fetcher(log, 12, [one, two]);
    fetcher.asks();
    const larger = (entry: Entry): Entry => ({ ...entry, data: new Uint8Array(200) });
    fetcher.answer(one, [2, 4], larger); // more in three entries than there is in twelve
    expect(fetcher.asks()).toEqual(["two 2-13"]);
  });

  it("refuses an anchor with a stretch of more bytes than one may have, or fewer than it must", () => {
    for (const bytes of [limits.fetchBytesMax + 1, 12 * 32 - 1, Number.NaN]) {
      const rig = new Rig(me, [genesis]);
      const anchor = anchorOf(log, 12, [one]);
      const points = anchor.points.map((point) => ({ ...point, bytes }));
      rig.receive(leader, { ...anchor, points });
      expect(rig.sent()).toEqual([]);
      expect(rig.events).toEqual(["a stretch of another size"]);
    }
  });

  it("ends with the leader's log, or with the leader, whatever providers do", () => {
    const deeds = ["answer", "lie", "part", "none", "vanish", "return", "wait"] as const;
    const step = fc.record({
      provider: fc.constantFrom(one, two, three),
      deed: fc.constantFrom(...deeds),
      twice: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        (all, each) => {
          const fetcher = new Fetcher(log, each, [one, two, three]);
          const open = new Map<string, [number, number]>();
          let ended: string | undefined;
          const note = (): void => {
            for (const said of fetcher.asks()) {
              const [, who, first, last] = /^(\w+) (\d+)-(\d+)$/.exec(said) ?? [];
              if (who === undefined) ended = said;
              else open.set(`${who}#1`, [Number(first), Number(last)]);
            }
          };
          note();
          for (const { provider, deed, twice } of all) {
            const range = open.get(provider);
            if (deed === "wait") fetcher.pass(lateMs / 2);
            if (deed === "vanish" || deed === "return") fetcher.bond(provider, deed === "return");
            for (let times = range ? (twice ? 2 : 1) : 0; times > 0 && range; times--) {
              const [first] = range;
              if (deed === "answer") fetcher.answer(provider, range);
              if (deed === "lie") fetcher.answer(provider, range, otherData);
              if (deed === "part") fetcher.answer(provider, [first, first]);
              if (deed === "none") fetcher.answer(provider, [first, first - 1]);
            }
            note();
          }
          for (let waits = 0; waits < 60 && ended === undefined; waits++) {
            fetcher.pass(lateMs / 2);
            note();
          }
          const isWhole = ended === "has 13";
          expect(isWhole || ended === "has 1").toBe(true);
          expect(fetcher.node.entries(2, 20)).toEqual(isWhole ? log.slice(1) : []);
        },
      ),
      { numRuns: 300 },
    );
  });
});
