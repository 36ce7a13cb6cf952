import type { PeerId } from "@mosaik/primitives";
import type { Frames } from "../core/frames.ts";
import type { Gap, Origin } from "../core/replay-inbox.ts";

/** Who is told what comes of a stream and its history, in order. Must not throw. */
export interface ReplaySink {
  /** Items; `atMs`: when they were first kept, now where they came live. */
  items(origin: Origin, run: Frames, from: "live" | "kept", atMs: number): void;
  gap(producer: PeerId, gap: Gap): void;
  /** Somebody went live, or is no longer. */
  changed(): void;
}
