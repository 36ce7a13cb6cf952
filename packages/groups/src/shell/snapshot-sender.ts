import type { Clock, Log } from "@mosaik/primitives";
import { snapshotPieceEveryMs, snapshotPiecesAsked, snapshotProgressMs } from "../config.ts";
import type { Frame, SnapshotName } from "../core/frames.ts";
import type { GroupLog } from "../log-storage.ts";
import type { Input } from "../raft/input.ts";
import type { MemberId } from "../raft/member.ts";
import type { InstallSnapshot } from "../raft/messages.ts";
import type { Hash } from "../storage/core/record.ts";
import { SnapshotLibrary } from "./snapshot-library.ts";

type Of<Kind extends Frame["kind"]> = Extract<Frame, { kind: Kind }>;

interface Request extends SnapshotName {
  readonly to: MemberId;
  readonly piece: number;
}

/** What a sender is made with. */
export interface SnapshotSenderInit {
  readonly storage: GroupLog;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly log: Log;
  readonly send: (to: MemberId, frame: Frame) => void;
  /** Whether no more should be sent to a member now. */
  readonly isFull: (to: MemberId) => boolean;
  readonly post: (input: Input) => void;
}

/** Requests of one member that may wait: it asks for no more than are on their way. */
const requestsMax = 2 * snapshotPiecesAsked;

/** Offers snapshots to members where this one leads, and hands out pieces, one at a time, to whoever asks. */
export class SnapshotSender {
  readonly #init: SnapshotSenderInit;
  readonly #library: SnapshotLibrary;
  /** The last offer to a member that is being prepared. */
  readonly #offers = new Map<MemberId, InstallSnapshot>();
  #requests: Request[] = [];
  #isServing = false;
  #isClosed = false;

  constructor(init: SnapshotSenderInit) {
    this.#init = init;
    this.#library = new SnapshotLibrary(init);
  }

  /** Offers a member a snapshot: the message's, or the one in force where that is gone. */
  offer(to: MemberId, message: InstallSnapshot): void {
    this.#offers.set(to, message);
    void this.#offer(to, message);
  }

  /** A member asks for a piece. */
  fetch(from: MemberId, { index, term, piece }: Of<"snapshot-fetch">): void {
    const waiting = this.#requests.filter(({ to }) => to === from).length;
    if (waiting >= requestsMax) return;
    this.#requests.push({ to: from, index, term, piece });
    if (!this.#isServing) void this.#serve();
  }

  /** A member tells how it fares with what it was offered. */
  progress(from: MemberId, frame: Of<"snapshot-progress">): void {
    if (frame.ok) {
      this.#library.use(frame);
      this.#init.post({ kind: "snapshot-progress", to: from });
    } else this.#failed(from);
  }

  /** The bond with a member is lost. */
  drop(to: MemberId): void {
    this.#offers.delete(to);
    this.#requests = this.#requests.filter((request) => request.to !== to);
  }

  /** Gives up all. */
  close(): void {
    this.#isClosed = true;
    this.#offers.clear();
    this.#requests = [];
    this.#library.close();
  }

  async #offer(to: MemberId, message: InstallSnapshot): Promise<void> {
    try {
      const held = (await this.#library.find(message.meta)) ?? (await this.#library.latest());
      if (held === undefined) throw new Error("there is no snapshot");
      const hashes = await held.hashes().catch((error: unknown) => {
        this.#library.drop(held);
        throw error;
      });
      if (this.#offers.get(to) !== message) return;
      const { meta } = held.source;
      this.#init.send(to, { kind: "snapshot-offer", message: { ...message, meta }, hashes });
    } catch (error) {
      if (this.#offers.get(to) !== message) return;
      this.#init.log.warn("a snapshot could not be offered", { to, error });
      this.#failed(to);
    }
    this.#offers.delete(to);
  }

  /** Has another one offered, not at once: whatever went wrong may still be so. */
  #failed(to: MemberId): void {
    this.#init.clock.after(snapshotProgressMs, () => {
      if (!this.#isClosed) this.#init.post({ kind: "snapshot-failed", to });
    });
  }

  async #serve(): Promise<void> {
    this.#isServing = true;
    while (this.#requests.length > 0) {
      const at = this.#requests.findIndex(({ to }) => !this.#init.isFull(to));
      const [request] = at < 0 ? [] : this.#requests.splice(at, 1);
      if (request) await this.#handOut(request);
      await new Promise<void>((resolve) => this.#init.clock.after(snapshotPieceEveryMs, resolve));
    }
    this.#isServing = false;
  }

  async #handOut({ to, index, term, piece }: Request): Promise<void> {
    const name = { index, term };
    const bytes = await this.#read(name, piece);
    if (this.#isClosed) return;
    if (bytes === undefined) this.#init.send(to, { kind: "snapshot-gone", ...name });
    else this.#init.send(to, { kind: "snapshot-piece", ...name, piece, bytes });
  }

  async #read(name: SnapshotName, piece: number): Promise<Uint8Array | undefined> {
    try {
      const held = await this.#library.find(name);
      if (held === undefined || piece >= held.source.chunks) return undefined;
      return await held.source.read(piece);
    } catch (error) {
      this.#init.log.warn("a piece of a snapshot cannot be read", { ...name, piece, error });
      return undefined;
    }
  }
}
