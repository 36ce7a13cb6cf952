import { describe, expect, it } from "vitest";
import type { Fact } from "./fact.ts";
import { formatRecording, parseRecording } from "./ndjson.ts";
import { Recording } from "./recording.ts";
import { View } from "./view.ts";

const entry = { tags: ["sensor"], addresses: [], offers: {}, signedAt: 0 };
const came = (at: number, peer: string): Fact => ({ at, kind: "entry", peer, entry });
const left = (at: number, peer: string): Fact => ({ at, kind: "left", peer, reason: "goodbye" });
const told = (at: number, peer: string, to: object): Fact => {
  return { at, kind: "section", peer, name: "x", delta: { to } } as Fact; // plain
};
const happened = (at: number, sequence: number): Fact => {
  return { at, kind: "event", peer: "a", sequence, happenedAt: at, name: "e", facts: {} };
};
const began: Fact = { at: 1, kind: "began", network: "weather", me: "me" };

const peersAt = (recording: Recording, at: number): string[] =>
  [...recording.at(at).peers.keys()].sort();

describe("a recording", () => {
  it("shows the network as it was at any moment of it", () => {
    const recording = new Recording({ keyframeEvery: 2 });
    recording.add([began, came(10, "a"), came(20, "b"), left(30, "a"), came(40, "c")]);
    expect(peersAt(recording, 15)).toEqual(["a"]);
    expect(peersAt(recording, 25)).toEqual(["a", "b"]);
    expect(peersAt(recording, 35)).toEqual(["b"]);
    expect(peersAt(recording, 99)).toEqual(["b", "c"]);
  });

  it("forgets the oldest at its limits, and still knows what came of it", () => {
    const recording = new Recording({ keyframeEvery: 10, factsMax: 50 });
    recording.add([began]);
    for (let at = 2; at < 1_000; at++) recording.add([came(at, `peer-${at % 100}`)]);
    expect(recording.span.from).toBeGreaterThan(900);
    expect(recording.at(0).peers.size).toBe(100);
  });

  it("has events in the order of their time, whoever told of them first", () => {
    const recording = new Recording();
    recording.add([began, happened(30, 3), happened(40, 4)]);
    recording.add([happened(10, 1), happened(35, 2)]);
    expect(recording.events.map(({ at }) => at)).toEqual([10, 30, 35, 40]);
    expect(recording.eventsUntil(30).map(({ at }) => at)).toEqual([10, 30]);
  });

  it("asked for one moment after the other, shows what it shows when asked for each alone", () => {
    const facts = [began, ...Array.from({ length: 40 }, (_, at) => told(at, "a", { n: at }))];
    const recording = new Recording({ keyframeEvery: 7 });
    recording.add(facts);
    for (const at of [3, 5, 4, 20, 21, 22, 38, 2]) {
      const fresh = new Recording({ keyframeEvery: 7 });
      fresh.add(facts);
      expect(recording.at(at)).toEqual(fresh.at(at));
    }
  });

  it("an hour of events of a busy network stays within its limits", () => {
    const recording = new Recording();
    const hour = 3_600_000;
    let sequence = 0;
    for (let at = 0; at < hour; at += 5_000) {
      const events = Array.from({ length: 250 }, () => happened(at, sequence++));
      recording.add([
        ...events,
        told(at, `peer-${(at / 5_000) % 50}`, { text: "x".repeat(2_000), at }),
      ]);
    }
    expect(recording.events.length).toBeLessThanOrEqual(10_000);
    expect(recording.bytes).toBeLessThanOrEqual(64 * 1024 * 1024);
  }, 30_000);

  it("is the same again after it was written and read", () => {
    const recording = new Recording({ keyframeEvery: 2 });
    recording.add([began, came(10, "a"), told(15, "a", { n: 1 }), happened(17, 1), left(30, "a")]);
    const parsed = parseRecording(formatRecording(recording));
    if (!parsed.ok) throw new Error(parsed.why);
    expect(parsed.recording.at(20)).toEqual(recording.at(20));
    expect(parsed.recording.events).toEqual(recording.events);
    const verdict = (one: Recording): string => new View(one.at(20), one.events).verdict;
    expect(verdict(parsed.recording)).toBe(verdict(recording));
  });

  it("that is none is refused with the reason", () => {
    expect(parseRecording("hello")).toMatchObject({ ok: false });
    const head = '{"format":"mosaik-recording","version":1}';
    expect(parseRecording(`${head}\n{"kind":"nonsense"}`)).toMatchObject({
      why: "line 2 is no fact of a recording",
    });
  });
});
