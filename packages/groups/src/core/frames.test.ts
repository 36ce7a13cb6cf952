import { digest } from "@mosaik/primitives";
import { frameHeaderBytes, frameLength } from "@mosaik/transport";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameBytesMax, snapshotPiecesMax } from "../config.ts";
import { noData } from "../raft/entry.ts";
import { configuration, type InstanceId, type MemberKind, memberId } from "../raft/member.ts";
import type { InstallSnapshot, Message } from "../raft/messages.ts";
import { decodeFrame, encodeFrame, type Frame } from "./frames.ts";

const position = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 100 });
const bytes = fc.uint8Array({ maxLength: 60 });
const kind = fc.constantFrom<MemberKind>("data", "witness", "observer");
const member = fc.record({
  id: fc.nat(30).map((at) => memberId("ab".repeat(32), `${at}`)),
  kind,
  voting: fc.boolean(),
});
const members = fc.uniqueArray(member, { maxLength: 6, selector: ({ id }) => id });
const config = members.map(configuration);
const instance = fc.string({ maxLength: 20 }).map((text) => text as InstanceId); // any short text
const meta = fc.record({
  index: position,
  term: position,
  configurationIndex: position,
  configuration: config,
});
const content = fc.oneof(
  fc.record({
    kind: fc.constantFrom("command" as const, "noop" as const),
    data: bytes,
    configuration: fc.constant(undefined),
  }),
  fc.record({
    kind: fc.constant("configuration" as const),
    data: fc.constant(noData),
    configuration: config,
  }),
);
const entriesAfter = (after: number) =>
  fc
    .array(fc.record({ content, term: position }), { maxLength: 5 })
    .map((all) =>
      all.map(({ content: rest, term }, at) => ({ index: after + 1 + at, term, ...rest })),
    );
const flag = fc.boolean();
const of = (name: Message["kind"], fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .record({ kind: fc.constant(name), instance, term: position, ...fields })
    .map((message) => message as unknown as Message); // the fields of that kind, by the list below
const messages = fc.oneof(
  of("vote-request", { pre: flag, forced: flag, lastIndex: position, lastTerm: position }),
  of("vote-reply", { pre: flag, granted: flag, ballot: position }),
  position.chain((prevIndex) =>
    of("append", {
      prevIndex: fc.constant(prevIndex),
      prevTerm: position,
      entries: entriesAfter(prevIndex),
      commit: position,
      answered: flag,
    }),
  ),
  of("append-reply", { accepted: flag, index: position, hintIndex: position, hintTerm: position }),
  of("heartbeat", { commit: position, round: position }),
  of("heartbeat-reply", { round: position }),
  of("timeout-now", {}),
  of("hello", { memberKind: kind, bound: flag, answer: flag }),
  of("genesis", { attempt: position, founders: members }),
  of("genesis-reply", {}),
  of("anchor", {
    fromIndex: position,
    points: fc.array(
      fc.record({
        index: position,
        bytes: position,
        digest: fc.string().map((text) => digest(text)),
      }),
      { maxLength: 4 },
    ),
    providers: fc.array(
      member.map(({ id }) => id as string),
      { maxLength: 4 },
    ),
  }),
  of("fetch", { fromIndex: position, toIndex: position }),
  position.chain((after) =>
    of("fetch-reply", { fromIndex: fc.constant(after + 1), entries: entriesAfter(after) }),
  ),
);
const frames: fc.Arbitrary<Frame> = fc.oneof(
  { weight: 4, arbitrary: messages.map((message): Frame => ({ kind: "raft", message })) },
  fc
    .record({ id: position, entries: fc.array(bytes, { maxLength: 5 }) })
    .map((rest): Frame => ({ kind: "submit", ...rest })),
  fc
    .record({
      id: position,
      index: position,
      refusal: fc.constantFrom(undefined, "not-leader" as const, "halted" as const),
    })
    .map((rest): Frame => ({ kind: "submitted", ...rest })),
  position.map((id): Frame => ({ kind: "read", id })),
  fc.constant<Frame>({ kind: "leave" }),
  member.map(({ id }): Frame => ({ kind: "transfer", to: id })),
  fc
    .record({ id: position, index: position, ok: flag })
    .map((rest): Frame => ({ kind: "read-answer", ...rest })),
  position.map((at): Frame => ({ kind: "checkpoint", position: at, hash: "0123456789abcdef" })),
  fc
    .record({ message: of("snapshot", { meta }), count: fc.nat(3) })
    .map(({ message, count }): Frame => {
      const hashes = new Uint8Array(32 * count).fill(7);
      return { kind: "snapshot-offer", message: message as InstallSnapshot, hashes }; // made as one
    }),
  fc
    .record({ index: position, term: position, piece: fc.nat() })
    .map((rest): Frame => ({ kind: "snapshot-fetch", ...rest })),
  fc
    .record({ index: position, term: position, piece: fc.nat(), bytes })
    .map((rest): Frame => ({ kind: "snapshot-piece", ...rest })),
  fc
    .record({ index: position, term: position })
    .map((rest): Frame => ({ kind: "snapshot-gone", ...rest })),
  fc
    .record({ index: position, term: position, ok: flag })
    .map((rest): Frame => ({ kind: "snapshot-progress", ...rest })),
);

const payloadOf = (frame: Frame): Uint8Array => encodeFrame(frame).subarray(frameHeaderBytes);

describe("frames", () => {
  it("come back as they were, each with a header that says how long it is", () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const encoded = encodeFrame(frame);
        expect(frameLength(encoded, 0)).toBe(encoded.byteLength - frameHeaderBytes);
        expect(decodeFrame(encoded.subarray(frameHeaderBytes))).toEqual(frame);
      }),
      { numRuns: 500 },
    );
  });

  it("that were cut or have something after their end are refused", () => {
    fc.assert(
      fc.property(frames, fc.nat(), (frame, cut) => {
        const payload = payloadOf(frame);
        expect(decodeFrame(payload.subarray(0, cut % payload.byteLength))).toBeUndefined();
        expect(decodeFrame(Uint8Array.of(...payload, 0))).toBeUndefined();
      }),
    );
  });

  it("of changed or random bytes decode to something or to nothing, and never throw", () => {
    fc.assert(
      fc.property(
        frames,
        fc.nat(),
        fc.nat(255),
        fc.uint8Array({ maxLength: 80 }),
        (frame, at, byte, noise) => {
          const payload = payloadOf(frame).slice();
          payload[at % payload.byteLength] = byte;
          decodeFrame(payload);
          decodeFrame(noise);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("that claim more than there is are refused before room is made for it", () => {
    const submit = payloadOf({ kind: "submit", id: 1, entries: [] }).slice();
    submit.set([0x3f, 0xff], submit.byteLength - 2);
    expect(decodeFrame(submit)).toBeUndefined();
  });

  it("that offer a snapshot have whole hashes, and no more than a snapshot has pieces", () => {
    const message: InstallSnapshot = {
      kind: "snapshot",
      instance: "i" as InstanceId, // any short text
      term: 3,
      meta: { index: 5, term: 2, configurationIndex: 1, configuration: configuration([]) },
    };
    const offer = (bytes: number): Uint8Array =>
      payloadOf({ kind: "snapshot-offer", message, hashes: new Uint8Array(bytes) });
    const largest = offer(32 * snapshotPiecesMax);
    expect(decodeFrame(largest)?.kind).toBe("snapshot-offer");
    expect(largest.byteLength).toBeLessThan(frameBytesMax / 2 + 1_024);
    expect(decodeFrame(offer(33))).toBeUndefined();
    expect(decodeFrame(offer(32 * snapshotPiecesMax + 32))).toBeUndefined();
    const bare: Frame = { kind: "raft", message };
    expect(decodeFrame(payloadOf(bare))).toBeUndefined();
  });
});
