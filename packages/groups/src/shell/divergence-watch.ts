import type { Log } from "@mosaik/primitives";
import type { Frame } from "../core/frames.ts";
import type { Checkpoint } from "../core/replica.ts";
import { StateCompare } from "../core/state-compare.ts";
import type { MemberId } from "../raft/member.ts";

/** What a watch is made with. */
export interface DivergenceWatchInit {
  readonly log: Log;
  /** Who counts, as the log says. */
  readonly voters: () => readonly MemberId[];
  readonly broadcast: (frame: Frame) => void;
  /** The own state is not what the others have. */
  readonly wrong: (position: number) => void;
}

/** Finds out whether this member's state is what the others have: tells them its own in short, and listens. */
export class DivergenceWatch {
  readonly #init: DivergenceWatchInit;
  readonly #compare = new StateCompare();
  #told = 0;

  constructor(init: DivergenceWatchInit) {
    this.#init = init;
  }

  /** The own state, as last measured. */
  own(checkpoint: Checkpoint | undefined): void {
    if (checkpoint === undefined || checkpoint.position <= this.#told) return;
    this.#told = checkpoint.position;
    this.#compare.own(checkpoint);
    this.#init.broadcast({ kind: "checkpoint", ...checkpoint });
    this.#judge(checkpoint.position);
  }

  /** What another member says of its state. */
  other(from: MemberId, checkpoint: Checkpoint): void {
    this.#compare.other(from, checkpoint);
    this.#judge(checkpoint.position);
  }

  #judge(position: number): void {
    const { log, voters, wrong } = this.#init;
    const verdict = this.#compare.verdict(position, voters());
    if (verdict === "unclear") log.error("states of members differ", { position });
    if (verdict === "wrong") wrong(position);
  }
}
