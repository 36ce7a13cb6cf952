import type { PeerId } from "@mosaik/primitives";
import { describe, expect, it } from "vitest";
import type { SourceSummary } from "./history.ts";
import { Known } from "./known.ts";
import { beginLive, type Start, startIn } from "./start.ts";

const producer = "producer" as PeerId;
const since: Start = { kind: "since", sinceMs: 1 };

type Summary = Omit<SourceSummary, "producer" | "incarnation"> & { readonly incarnation?: string };

/** What a keeper each said of the producer. */
function known(...keepers: readonly (readonly Summary[])[]): Known {
  const all = new Known();
  all.set(new Set(keepers.map((_, n) => `keeper ${n}` as PeerId)));
  for (const [n, runs] of keepers.entries()) {
    const sources = runs.map((run) => ({ producer, incarnation: "1", ...run }));
    all.answered(`keeper ${n}` as PeerId, 0, sources);
  }
  return all;
}

function sinceIn(...keepers: readonly (readonly Summary[])[]): string | undefined {
  const place = startIn(known(...keepers), producer, since);
  return place && `${place.incarnation}/${place.sequence}`;
}

describe("a start since a time", () => {
  it("is at the first kept item that is not older, where all before it are", () => {
    expect(sinceIn([{ first: 0, end: 9, since: 5, older: 5 }])).toBe("1/5");
  });

  it("is behind what is known to be older, where what follows is kept no more", () => {
    expect(sinceIn([{ first: 40, end: 90, since: 40, older: 30 }])).toBe("1/30");
    expect(sinceIn([{ first: 90, end: 90, older: 30 }])).toBe("1/30");
    expect(sinceIn([{ first: 40, end: 90, since: 40, older: 0 }])).toBe("1/0");
  });

  it("does not mind a keeper who came late: another knows more", () => {
    const late = { first: 7, end: 9, since: 7, older: 0 };
    expect(sinceIn([late], [{ first: 0, end: 9, since: 5, older: 5 }])).toBe("1/5");
    expect(sinceIn([{ first: 0, end: 6, older: 6 }], [late])).toBe("1/6");
  });

  it("leaves out nothing that one keeper counts as not older, whatever another's clock says", () => {
    const slow = { first: 0, end: 9, since: 8, older: 8 };
    expect(sinceIn([{ first: 0, end: 9, since: 5, older: 5 }], [slow])).toBe("1/5");
  });

  it("is in the first run that has what is not older, else at the end of the last", () => {
    const older = { incarnation: "1", first: 0, end: 9, older: 9 };
    const later = { incarnation: "2", first: 0, end: 3, older: 0, since: 0 };
    expect(sinceIn([older, later])).toBe("2/0");
    expect(sinceIn([older])).toBe("1/9");
  });

  it("is at the beginning of the live run where nobody keeps anything", () => {
    expect(sinceIn()).toBeUndefined();
    expect(beginLive(since, { incarnation: "1", sequence: 8 }).sequence).toBe(0);
  });
});

describe("a start with the last so many", () => {
  const last: Start = { kind: "last", items: 50 };

  it("counts those that are kept no more, too", () => {
    const place = startIn(known([{ first: 80, end: 100 }]), producer, last);
    expect(place).toEqual({ incarnation: "1", sequence: 50 });
    expect(beginLive(last, { incarnation: "1", sequence: 70 }).sequence).toBe(20);
    expect(beginLive(last, { incarnation: "1", sequence: 7 }).sequence).toBe(0);
  });

  it("goes back to the run before where the latest had fewer", () => {
    const runs = [
      { incarnation: "1", first: 0, end: 100 },
      { incarnation: "2", first: 0, end: 30 },
    ];
    expect(startIn(known(runs), producer, last)).toEqual({ incarnation: "1", sequence: 80 });
  });
});
