import type { Timer } from "@mosaik/primitives";
import type { RunSource } from "@mosaik/streams";
import type { Track } from "../core/track.ts";

/** One producer, as a replayer follows it. */
export interface Tracked {
  readonly track: Track<RunSource>;
  /** When there is something to do again. */
  timer: Timer | undefined;
  /** What the track said last. */
  wantedLive: boolean;
  isLive: boolean;
  /** Somebody is at it, and goes on. */
  isBusy: boolean;
}
