import { batchCommandsMax } from "../config.ts";
import { ByteReader, decodeTotal } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

/** What a command entry of the log holds: commands, and by which they are told from a retry. */
export interface CommandFrame {
  /** Who gave it: 16 random bytes as eight characters, so that they are a key. */
  readonly session: string;
  /** Grows by one with each frame of a session. */
  readonly sequence: number;
  /** No frame up to this one is waited for any more. */
  readonly settled: number;
  /** A position that was applied where and when it was given first. */
  readonly givenAt: number;
  /** One, or several that belong together; opaque bytes. */
  readonly commands: readonly Uint8Array[];
}

const version = 1;
/** What a frame of one command has beside it, bytes. */
export const commandFrameBytes = 1 + 16 + 3 * 8 + 2;

/** How many bytes a frame of commands will have. */
export function commandFrameSize(commands: readonly Uint8Array[]): number {
  let size = commandFrameBytes;
  for (const command of commands) size += 4 + command.byteLength;
  return size;
}

/** The key of 16 random bytes. */
export function sessionKey(bytes: Uint8Array): string {
  return readSession(new ByteReader(bytes));
}

/** Reads the 16 bytes of a session's key. */
export function readSession(reader: ByteReader): string {
  const next = (): number => reader.u16();
  return String.fromCharCode(next(), next(), next(), next(), next(), next(), next(), next());
}

/** Writes the 16 bytes of a session's key. */
export function writeSession(writer: ByteWriter, session: string): void {
  for (let at = 0; at < 8; at++) writer.u16(session.charCodeAt(at));
}

/** The bytes of a frame. */
export function encodeCommandFrame(frame: CommandFrame): Uint8Array {
  const writer = new ByteWriter(commandFrameSize(frame.commands));
  writeFrame(writer, frame);
  return writer.finish();
}

/** The bytes of frames that leave together, side by side in one buffer. */
export function encodeCommandFrames(frames: readonly CommandFrame[]): Uint8Array[] {
  let size = 0;
  for (const { commands } of frames) size += commandFrameSize(commands);
  const writer = new ByteWriter(size);
  const ends = frames.map((frame) => writeFrame(writer, frame));
  const bytes = writer.finish();
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

/** Writes a frame. Returns where it ends. */
function writeFrame(writer: ByteWriter, frame: CommandFrame): number {
  writer.u8(version);
  writeSession(writer, frame.session);
  writer.position(frame.sequence).position(frame.settled).position(frame.givenAt);
  writer.u16(frame.commands.length);
  for (const command of frame.commands) writer.bytes(command);
  return writer.length;
}

/** The frame of bytes, nothing where they are none. Total. */
export function decodeCommandFrame(bytes: Uint8Array): CommandFrame | undefined {
  return decodeTotal(bytes, (reader) => {
    if (reader.u8() !== version) return undefined;
    const session = readSession(reader);
    const [sequence, settled, givenAt] = [reader.position(), reader.position(), reader.position()];
    const count = reader.count(reader.u16(), batchCommandsMax, 4);
    if (count === 0 || settled >= sequence) return undefined;
    const commands: Uint8Array[] = [];
    for (let index = 0; index < count; index++) commands.push(reader.bytes());
    return { session, sequence, settled, givenAt, commands };
  });
}
