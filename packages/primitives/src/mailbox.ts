/**
 * One message at a time, in order: what is posted while a message is handled waits for its turn.
 * The owner of a piece of state takes all its inputs through one mailbox.
 *
 * A handler that throws has left its state half changed: the mailbox closes, drops what waits, and
 * the error goes to whoever posted.
 */
export class Mailbox<Message> {
  readonly #handle: (message: Message) => void;
  readonly #waiting: Message[] = [];
  #busy = false;
  #closed = false;

  constructor(handle: (message: Message) => void) {
    this.#handle = handle;
  }

  /** Handles the message now, or after those before it. Ignored once closed. */
  post(message: Message): void {
    if (this.#closed) return;
    this.#waiting.push(message);
    if (this.#busy) return;
    this.#busy = true;
    try {
      // Indexed, not shifted: a long burst costs no quadratic moves.
      for (let index = 0; index < this.#waiting.length && !this.#closed; index++) {
        this.#handle(this.#waiting[index] as Message); // in range: the loop just checked
      }
    } catch (error) {
      this.#closed = true;
      throw error;
    } finally {
      this.#waiting.length = 0;
      this.#busy = false;
    }
  }

  /** Whether it takes no more: it was closed, or its handler threw. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Drops what waits and takes no more. */
  close(): void {
    this.#closed = true;
  }
}
