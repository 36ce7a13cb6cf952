import type { Random } from "@mosaik/primitives";
import { GrowingBytes } from "./growing-bytes.ts";

/** What a crash makes of writes that were not synced: all there, none, cut off, or any of them. */
export type CrashOutcome = "kept" | "dropped" | "torn" | "reordered";

type Change =
  | { readonly kind: "write"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly length: number };

/** Bytes that a disk writes whole or not at all. */
export const sectorBytes = 512;

/** A file: what is durable, and what was done to it since. */
export class MemoryFile {
  #durable = new GrowingBytes();
  #content = new GrowingBytes();
  #pending: Change[] = [];

  /** What is read: every change, durable or not. */
  get content(): GrowingBytes {
    return this.#content;
  }

  /** A file that is as this one is now. */
  fork(): MemoryFile {
    const copy = new MemoryFile();
    copy.#durable = this.#durable.fork();
    copy.#content = this.#content.fork();
    copy.#pending = [...this.#pending];
    return copy;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#change({ kind: "write", offset, bytes: bytes.slice() });
  }

  truncate(length: number): void {
    this.#change({ kind: "truncate", length });
  }

  sync(): void {
    for (const change of this.#pending) make(this.#durable, change);
    this.#pending = [];
  }

  /** Flips bits, durably and behind everybody's back. */
  flip(offset: number, mask: number): void {
    for (const bytes of [this.#durable, this.#content]) {
      const [byte] = bytes.slice(offset, offset + 1);
      if (byte !== undefined) bytes.write(offset, Uint8Array.of(byte ^ mask));
    }
  }

  /** Loses what the outcome says. */
  crash(outcome: CrashOutcome, random: Random): void {
    for (const change of survivors(this.#pending, outcome, random)) make(this.#durable, change);
    this.#pending = [];
    this.#content = this.#durable.fork();
  }

  #change(change: Change): void {
    this.#pending.push(change);
    make(this.#content, change);
  }
}

function make(bytes: GrowingBytes, change: Change): void {
  if (change.kind === "write") bytes.write(change.offset, change.bytes);
  else bytes.truncate(change.length);
}

function survivors(pending: Change[], outcome: CrashOutcome, random: Random): Change[] {
  if (outcome === "dropped") return [];
  if (outcome === "kept") return pending;
  const pieces = pending.flatMap(sectorsOf);
  if (outcome === "reordered") return pieces.filter(() => random.next() < 0.5);
  return pieces.slice(0, Math.floor(random.next() * (pieces.length + 1)));
}

/** A change in the parts that are each made or not. */
function sectorsOf(change: Change): Change[] {
  if (change.kind !== "write") return [change];
  const { offset, bytes } = change;
  const parts: Change[] = [];
  for (let at = 0; at < bytes.byteLength; ) {
    const end = Math.min(bytes.byteLength, at + sectorBytes - ((offset + at) % sectorBytes));
    parts.push({ kind: "write", offset: offset + at, bytes: bytes.slice(at, end) });
    at = end;
  }
  return parts;
}
