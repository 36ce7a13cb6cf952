import { type Digest, decodeHex, encodeHex } from "@mosaik/primitives";
import type { Entry, EntryKind, SnapshotMeta } from "../raft/entry.ts";
import { noData } from "../raft/entry.ts";
import {
  type Configuration,
  configuration,
  type InstanceId,
  type Member,
  type MemberId,
  type MemberKind,
} from "../raft/member.ts";
import type { Message } from "../raft/messages.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/*
 * Raft messages as bytes: a kind, the envelope, then the fields in order, numbers in a fixed width.
 * Entries carry neither their index nor what follows from their kind.
 *
 * 1. What is read was written by this file, or is refused: no other bytes decode to a message.
 * 2. No length is believed before there are so many bytes.
 * 3. A message shares the bytes it was read from: commands are not copied.
 */

/** Kinds by their number on the wire: only ever appended to. */
const messageKinds = [
  "vote-request",
  "vote-reply",
  "append",
  "append-reply",
  "heartbeat",
  "heartbeat-reply",
  "snapshot",
  "timeout-now",
  "hello",
  "genesis",
  "genesis-reply",
  "anchor",
  "fetch",
  "fetch-reply",
] as const satisfies readonly Message["kind"][];
const entryKinds = ["command", "noop", "configuration"] as const satisfies readonly EntryKind[];
const memberKinds = ["data", "witness", "observer"] as const satisfies readonly MemberKind[];

/** The number of a snapshot's message. */
export const snapshotNumber: number = messageKinds.indexOf("snapshot");

/** How many kinds of messages there are: frames of other kinds are numbered from here. */
export const messageKindsMax = 32;

const instanceBytesMax = 128;
/** A member's id, bytes. */
export const memberBytesMax = 160;
const membersMax = 1_024;
const entriesMax = 16_384;
const pointsMax = 16_384;
const digestBytes = 32;

/** The number of a message's kind. */
export function messageNumber(message: Message): number {
  return messageKinds.indexOf(message.kind);
}

/** What a message takes at least, bytes, so that its buffer need not grow. */
export function messageSize(message: Message): number {
  if (message.kind !== "append" && message.kind !== "fetch-reply") return 256;
  let size = 256;
  for (const entry of message.entries) size += 13 + entry.data.byteLength;
  return size;
}

/** Writes a message, its kind's number left to the caller. */
export function writeMessage(writer: ByteWriter, message: Message): void {
  writer.text(message.instance).position(message.term);
  switch (message.kind) {
    case "vote-request":
      writer.u8(message.pre ? 1 : 0).u8(message.forced ? 1 : 0);
      writer.position(message.lastIndex).position(message.lastTerm);
      return;
    case "vote-reply":
      writer
        .u8(message.pre ? 1 : 0)
        .u8(message.granted ? 1 : 0)
        .position(message.ballot);
      return;
    case "append":
      writer.position(message.prevIndex).position(message.prevTerm).position(message.commit);
      writer.u8(message.answered ? 1 : 0);
      return writeEntries(writer, message.entries);
    case "append-reply":
      writer.u8(message.accepted ? 1 : 0).position(message.index);
      writer.position(message.hintIndex).position(message.hintTerm);
      return;
    case "heartbeat":
      writer.position(message.commit).position(message.round);
      return;
    case "heartbeat-reply":
      writer.position(message.round);
      return;
    case "snapshot":
      return writeSnapshotMeta(writer, message.meta);
    case "hello":
      writer.u8(memberKinds.indexOf(message.memberKind));
      writer.u8(message.bound ? 1 : 0).u8(message.answer ? 1 : 0);
      return;
    case "genesis":
      writer.position(message.attempt);
      return writeMembers(writer, message.founders);
    case "anchor":
      writer.position(message.fromIndex).u16(message.points.length);
      for (const { index, bytes, digest } of message.points) {
        writer.position(index).position(bytes).raw(decodeHex(digest));
      }
      writer.u16(message.providers.length);
      for (const provider of message.providers) writer.text(provider);
      return;
    case "fetch":
      writer.position(message.fromIndex).position(message.toIndex);
      return;
    case "fetch-reply":
      writer.position(message.fromIndex);
      return writeEntries(writer, message.entries);
    case "timeout-now":
    case "genesis-reply":
      return;
    default:
      message satisfies never;
  }
}

/** Reads the message of a kind's number; nothing where there is no such kind. */
export function readMessage(reader: ByteReader, number: number): Message | undefined {
  const kind = messageKinds[number];
  if (kind === undefined) return undefined;
  const instance = reader.text(instanceBytesMax) as InstanceId; // what the protocol says stands here
  const term = reader.position();
  const envelope = { instance, term };
  switch (kind) {
    case "vote-request": {
      const [pre, forced] = [reader.flag(), reader.flag()];
      const [lastIndex, lastTerm] = [reader.position(), reader.position()];
      return { kind, ...envelope, pre, forced, lastIndex, lastTerm };
    }
    case "vote-reply": {
      const [pre, granted] = [reader.flag(), reader.flag()];
      return { kind, ...envelope, pre, granted, ballot: reader.position() };
    }
    case "append": {
      const [prevIndex, prevTerm] = [reader.position(), reader.position()];
      const commit = reader.position();
      const answered = reader.flag();
      const entries = readEntries(reader, prevIndex);
      return { kind, ...envelope, prevIndex, prevTerm, entries, commit, answered };
    }
    case "append-reply": {
      const [accepted, index] = [reader.flag(), reader.position()];
      const [hintIndex, hintTerm] = [reader.position(), reader.position()];
      return { kind, ...envelope, accepted, index, hintIndex, hintTerm };
    }
    case "heartbeat":
      return { kind, ...envelope, commit: reader.position(), round: reader.position() };
    case "heartbeat-reply":
      return { kind, ...envelope, round: reader.position() };
    case "snapshot":
      return { kind, ...envelope, meta: readSnapshotMeta(reader) };
    case "hello": {
      const memberKind = reader.oneOf(memberKinds);
      return { kind, ...envelope, memberKind, bound: reader.flag(), answer: reader.flag() };
    }
    case "genesis":
      return { kind, ...envelope, attempt: reader.position(), founders: readMembers(reader) };
    case "anchor": {
      const fromIndex = reader.position();
      const points = readList(reader, pointsMax, 16 + digestBytes, () => ({
        index: reader.position(),
        bytes: reader.position(),
        digest: encodeHex(reader.raw(digestBytes)) as Digest, // 32 bytes, whatever they are
      }));
      const providers = readList(reader, membersMax, 2, () => reader.text(memberBytesMax));
      return { kind, ...envelope, fromIndex, points, providers };
    }
    case "fetch":
      return { kind, ...envelope, fromIndex: reader.position(), toIndex: reader.position() };
    case "fetch-reply": {
      const fromIndex = reader.position();
      if (fromIndex === 0) return undefined;
      return { kind, ...envelope, fromIndex, entries: readEntries(reader, fromIndex - 1) };
    }
    case "timeout-now":
    case "genesis-reply":
      return { kind, ...envelope };
    default:
      return kind satisfies never;
  }
}

function writeSnapshotMeta(writer: ByteWriter, meta: SnapshotMeta): void {
  writer.position(meta.index).position(meta.term).position(meta.configurationIndex);
  writeMembers(writer, meta.configuration.members);
}

function readSnapshotMeta(reader: ByteReader): SnapshotMeta {
  const [index, term, configurationIndex] = [
    reader.position(),
    reader.position(),
    reader.position(),
  ];
  return { index, term, configurationIndex, configuration: readConfiguration(reader) };
}

function writeEntries(writer: ByteWriter, entries: readonly Entry[]): void {
  writer.u16(entries.length);
  for (const entry of entries) {
    writer.u8(entryKinds.indexOf(entry.kind)).position(entry.term);
    if (entry.configuration) writeMembers(writer, entry.configuration.members);
    else writer.bytes(entry.data);
  }
}

function readEntries(reader: ByteReader, after: number): Entry[] {
  let index = after;
  return readList(reader, entriesMax, 11, () => {
    index++;
    const kind = reader.oneOf(entryKinds);
    const term = reader.position();
    if (kind !== "configuration") {
      return { index, term, kind, data: reader.bytes(), configuration: undefined };
    }
    return { index, term, kind, data: noData, configuration: readConfiguration(reader) };
  });
}

function writeMembers(writer: ByteWriter, members: readonly Member[]): void {
  writer.u16(members.length);
  for (const { id, kind, voting } of members) {
    writer
      .text(id)
      .u8(memberKinds.indexOf(kind))
      .u8(voting ? 1 : 0);
  }
}

function readMembers(reader: ByteReader): Member[] {
  const ids = new Set<string>();
  return readList(reader, membersMax, 4, () => {
    const id = reader.text(memberBytesMax) as MemberId; // what the protocol says stands here
    if (!id.includes("#") || ids.has(id)) reader.refuse();
    ids.add(id);
    return { id, kind: reader.oneOf(memberKinds), voting: reader.flag() };
  });
}

function readConfiguration(reader: ByteReader): Configuration {
  return configuration(readMembers(reader));
}

function readList<Item>(
  reader: ByteReader,
  most: number,
  bytesEach: number,
  read: () => Item,
): Item[] {
  const count = reader.count(reader.u16(), most, bytesEach);
  const items: Item[] = [];
  for (let at = 0; at < count; at++) items.push(read());
  return items;
}
