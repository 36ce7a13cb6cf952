import type { PeerInfo } from "@mosaik/discovery";
import { describe, expect, it } from "vitest";
import { type AdmissionFacts, refusal } from "./admission.ts";

const facts: AdmissionFacts = {
  offered: { codec: "raw/1", version: 1 },
  asked: { codec: "raw/1", version: 1 },
  consumer: {} as PeerInfo, // nobody looks inside
  accept: () => true,
  consumers: 0,
  consumersMax: 1,
};

describe("admission", () => {
  it("takes a consumer that fits", () => {
    expect(refusal(facts)).toBeUndefined();
  });

  it("refuses another codec or version as incompatible", () => {
    expect(refusal({ ...facts, asked: { codec: "json/1", version: 1 } })).toBe("incompatible");
    expect(refusal({ ...facts, asked: { codec: "raw/1", version: 2 } })).toBe("incompatible");
  });

  it("refuses whom the predicate does not accept", () => {
    expect(refusal({ ...facts, accept: () => false })).toBe("not-allowed");
  });

  it("does not call a stranger not allowed: the predicate cannot be asked about it", () => {
    const accept = () => false;
    expect(refusal({ ...facts, consumer: undefined, accept })).toBeUndefined();
  });

  it("has no capacity beyond its maximum, and says so only to those it would take", () => {
    expect(refusal({ ...facts, consumers: 1 })).toBe("no-capacity");
    expect(refusal({ ...facts, consumers: 1, accept: () => false })).toBe("not-allowed");
  });
});
