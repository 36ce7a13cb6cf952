import { frameHeaderBytes, frameKinds, writeFrameHeader } from "@mosaik/transport";
import type { Refusal } from "../raft/effects.ts";
import type { SnapshotMeta } from "../raft/entry.ts";
import type { MemberId } from "../raft/member.ts";
import type { Message } from "../raft/messages.ts";
import { type ByteReader, decodeTotal } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import {
  memberBytesMax,
  messageKindsMax,
  messageNumber,
  messageSize,
  readMessage,
  readSnapshotMeta,
  writeMessage,
  writeSnapshotMeta,
} from "./raft-codec.ts";

/** What bonded members send each other beside what makes the bond. */
export type Frame =
  | { readonly kind: "raft"; readonly message: Message }
  /** Entries to propose, in this order, for the leader. Answered by `submitted`. */
  | { readonly kind: "submit"; readonly id: number; readonly entries: readonly Uint8Array[] }
  /** Where the first of them stands in the leader's log; or why they were not taken. */
  | {
      readonly kind: "submitted";
      readonly id: number;
      readonly index: number;
      readonly refusal: Refusal | undefined;
    }
  /** Asks the leader from which position on a state may answer strong queries. */
  | { readonly kind: "read"; readonly id: number }
  | {
      readonly kind: "read-answer";
      readonly id: number;
      readonly index: number;
      readonly ok: boolean;
    }
  /** The sender's state at a position, in short. */
  | { readonly kind: "checkpoint"; readonly position: number; readonly hash: string }
  /** A snapshot follows in so many pieces; the raft message after the last puts it in force. */
  | {
      readonly kind: "snapshot-begin";
      readonly transfer: number;
      readonly meta: SnapshotMeta;
      readonly pieces: number;
    }
  | {
      readonly kind: "snapshot-piece";
      readonly transfer: number;
      readonly number: number;
      readonly bytes: Uint8Array;
    }
  /** So many pieces are staged; not `ok`: the receiver gave up. */
  | {
      readonly kind: "snapshot-taken";
      readonly transfer: number;
      readonly pieces: number;
      readonly ok: boolean;
    }
  /** The sender wants to be taken out of the group. */
  | { readonly kind: "leave" }
  /** Asks the leader to hand over. */
  | { readonly kind: "transfer"; readonly to: MemberId };

/** Kinds by their number, from {@link messageKindsMax} on: only ever appended to. */
const kinds = [
  "submit",
  "submitted",
  "read",
  "read-answer",
  "checkpoint",
  "snapshot-begin",
  "snapshot-piece",
  "snapshot-taken",
  "leave",
  "transfer",
] as const satisfies readonly Frame["kind"][];
const refusals = [
  "not-leader",
  "transferring",
  "overloaded",
  "too-large",
  "halted",
] as const satisfies readonly Refusal[];

const submitEntriesMax = 16_384;
const hashBytesMax = 32;

/** A frame as a data frame, header included. */
export function encodeFrame(frame: Frame): Uint8Array {
  const writer = new ByteWriter(frameHeaderBytes + 1 + sizeOf(frame));
  writer.u32(0);
  if (frame.kind === "raft") {
    writer.u8(messageNumber(frame.message));
    writeMessage(writer, frame.message);
  } else {
    writer.u8(messageKindsMax + kinds.indexOf(frame.kind));
    writeBody(writer, frame);
  }
  const bytes = writer.finish();
  writeFrameHeader(bytes, 0, frameKinds.data, bytes.byteLength - frameHeaderBytes);
  return bytes;
}

/** The frame of a data frame's payload, nothing where it is none. Total. Shares the bytes. */
export function decodeFrame(payload: Uint8Array): Frame | undefined {
  return decodeTotal(payload, (reader) => {
    const number = reader.u8();
    if (number >= messageKindsMax) return readBody(reader, number - messageKindsMax);
    const message = readMessage(reader, number);
    return message && { kind: "raft", message };
  });
}

function sizeOf(frame: Frame): number {
  if (frame.kind === "raft") return messageSize(frame.message);
  if (frame.kind === "snapshot-piece") return 24 + frame.bytes.byteLength;
  if (frame.kind !== "submit") return 64;
  let size = 16;
  for (const entry of frame.entries) size += 4 + entry.byteLength;
  return size;
}

function writeBody(writer: ByteWriter, frame: Exclude<Frame, { kind: "raft" }>): void {
  switch (frame.kind) {
    case "submit":
      writer.position(frame.id).u16(frame.entries.length);
      for (const entry of frame.entries) writer.bytes(entry);
      return;
    case "submitted": {
      const { id, index, refusal } = frame;
      writer.position(id).position(index);
      writer.u8(refusal === undefined ? 0 : 1 + refusals.indexOf(refusal));
      return;
    }
    case "read":
      writer.position(frame.id);
      return;
    case "read-answer":
      writer
        .position(frame.id)
        .position(frame.index)
        .u8(frame.ok ? 1 : 0);
      return;
    case "checkpoint":
      writer.position(frame.position).text(frame.hash);
      return;
    case "snapshot-begin":
      writer.position(frame.transfer).u32(frame.pieces);
      return writeSnapshotMeta(writer, frame.meta);
    case "snapshot-piece":
      writer.position(frame.transfer).u32(frame.number).bytes(frame.bytes);
      return;
    case "snapshot-taken":
      writer
        .position(frame.transfer)
        .u32(frame.pieces)
        .u8(frame.ok ? 1 : 0);
      return;
    case "transfer":
      writer.text(frame.to);
      return;
    case "leave":
      return;
    default:
      frame satisfies never;
  }
}

function readBody(reader: ByteReader, number: number): Frame | undefined {
  const kind = kinds[number];
  switch (kind) {
    case "submit": {
      const id = reader.position();
      const count = reader.count(reader.u16(), submitEntriesMax, 4);
      const entries: Uint8Array[] = [];
      for (let at = 0; at < count; at++) entries.push(reader.bytes());
      return { kind, id, entries };
    }
    case "submitted": {
      const [id, index, code] = [reader.position(), reader.position(), reader.u8()];
      if (code > refusals.length) return undefined;
      return { kind, id, index, refusal: refusals[code - 1] };
    }
    case "read":
      return { kind, id: reader.position() };
    case "read-answer":
      return { kind, id: reader.position(), index: reader.position(), ok: reader.flag() };
    case "checkpoint":
      return { kind, position: reader.position(), hash: reader.text(hashBytesMax) };
    case "snapshot-begin": {
      const [transfer, pieces] = [reader.position(), reader.u32()];
      return { kind, transfer, pieces, meta: readSnapshotMeta(reader) };
    }
    case "snapshot-piece":
      return {
        kind,
        transfer: reader.position(),
        number: reader.u32(),
        bytes: reader.bytes(),
      };
    case "snapshot-taken":
      return { kind, transfer: reader.position(), pieces: reader.u32(), ok: reader.flag() };
    case "leave":
      return { kind };
    case "transfer":
      return { kind, to: reader.text(memberBytesMax) as MemberId }; // what the protocol says stands here
    default:
      return undefined;
  }
}
