import type { Clock } from "@mosaik/primitives";
import type { CloseReason } from "@mosaik/transport";
import type { BondLink } from "../bonds/bond-link.ts";
import { bondLimits } from "../config.ts";
import type { BondMessage, GroupLink } from "../wire.ts";

type Listener = BondLink["listener"];
type Hello = Extract<BondMessage, { kind: "hello" }>;

/** Takes inbound links and waits, not for long, until each says which group it is for. */
export class Reception {
  readonly #clock: Clock;
  readonly #welcome: (link: GroupLink, hello: Hello) => Listener | undefined;
  #strangers = 0;

  /** `welcome` returns who listens from now on; where it closes the link, nobody. */
  constructor(clock: Clock, welcome: (link: GroupLink, hello: Hello) => Listener | undefined) {
    this.#clock = clock;
    this.#welcome = welcome;
  }

  /** Takes a link. */
  accept(link: GroupLink): void {
    if (this.#strangers >= bondLimits.strangersMax) return link.close("overloaded");
    this.#strangers++;
    let isStranger = true;
    let listener: Listener | undefined;
    let ended: CloseReason | undefined;
    const timer = this.#clock.after(bondLimits.handshakeTimeoutMs, () => link.close("timeout"));
    const introduced = (): void => {
      if (isStranger) this.#strangers--;
      isStranger = false;
      timer.cancel();
    };
    link.listen({
      message: (message) => {
        if (listener !== undefined) return listener.message(message);
        if (message.kind !== "hello") return link.close("protocol-violation");
        introduced();
        listener = this.#welcome(link, message);
        if (ended !== undefined) listener?.closed(ended); // meanwhile: nobody else tells it
      },
      data: (frames, count) => {
        if (listener !== undefined) listener.data(frames, count);
        else link.close("protocol-violation", "data before the proof");
      },
      closed: (reason) => {
        introduced();
        ended = reason;
        listener?.closed(reason);
      },
    });
  }
}
