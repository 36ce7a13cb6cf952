import type { Clock } from "@mosaik/primitives";
import type { CloseReason, Link, LinkListener } from "@mosaik/transport";
import { strangersMax, subscribeTimeoutMs } from "../config.ts";
import type { StreamMessage, StreamProtocol, Subscribe } from "../wire.ts";

/** A link of the streams protocol. */
export type StreamLink = Link<StreamMessage, (typeof StreamProtocol)["reasons"]>;

/** Takes inbound links and waits, not for long, until each says what it is for. */
export class Reception {
  readonly #clock: Clock;
  readonly #subscribe: (
    link: StreamLink,
    message: Subscribe,
  ) => LinkListener<StreamMessage> | undefined;
  #strangers = 0;

  /** `subscribe` returns who listens from now on; where it closes the link, nobody. */
  constructor(
    clock: Clock,
    subscribe: (link: StreamLink, message: Subscribe) => LinkListener<StreamMessage> | undefined,
  ) {
    this.#clock = clock;
    this.#subscribe = subscribe;
  }

  /** Takes a link. */
  accept(link: StreamLink): void {
    if (this.#strangers >= strangersMax) return link.close("overloaded");
    this.#strangers++;
    let stranger = true;
    let listener: LinkListener<StreamMessage> | undefined;
    let ended: CloseReason | undefined;
    const timer = this.#clock.after(subscribeTimeoutMs, () => link.close("timeout"));
    const introduced = (): void => {
      if (stranger) this.#strangers--;
      stranger = false;
      timer.cancel();
    };
    link.listen({
      message: (message) => {
        if (listener !== undefined) return listener.message(message);
        if (message.kind !== "subscribe") return link.close("protocol-violation");
        introduced();
        listener = this.#subscribe(link, message);
        if (ended !== undefined) listener?.closed(ended); // meanwhile: nobody else tells it
      },
      drained: () => listener?.drained?.(),
      closed: (reason) => {
        introduced();
        ended = reason;
        listener?.closed(reason);
      },
    });
  }
}
