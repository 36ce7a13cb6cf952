import type { Inbox } from "../core/inbox.ts";
import type { RunListener, RunSource } from "../runs.ts";

/** Puts what arrives into the inbox of a consumer. */
export class InboxListener implements RunListener {
  readonly #inbox: Pick<Inbox<unknown>, "push" | "pushGap">;
  readonly #onArrival: () => void;

  constructor(inbox: Pick<Inbox<unknown>, "push" | "pushGap">, onArrival: () => void) {
    this.#inbox = inbox;
    this.#onArrival = onArrival;
  }

  begun(): void {}

  arrived(source: RunSource, frames: Uint8Array, items: number, sequence: number): void {
    this.#inbox.push(source, frames, items, sequence);
    this.#onArrival();
  }

  missed(source: RunSource, items: number | undefined): void {
    this.#inbox.pushGap(source, items);
    this.#onArrival();
  }

  ended(): void {}
}
