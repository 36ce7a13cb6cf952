import { TransportError } from "../errors.ts";
import type { Channel } from "../transport.ts";
import { type ChannelCarrier, MemoryChannel } from "./channel.ts";
import { channelsMax } from "./config.ts";
import type { ChannelFrame } from "./frame.ts";

/** What a table of channels needs of its connection. */
export interface ChannelHost extends Omit<ChannelCarrier, "release"> {
  /** Whether channels of a protocol are accepted. */
  serves(protocol: string): boolean;
  /** The other end opened a channel. */
  opened(channel: MemoryChannel): void;
}

/** The channels of one end of a connection. */
export class ChannelTable {
  readonly #host: ChannelHost;
  readonly #carrier: ChannelCarrier;
  readonly #channels = new Map<number, MemoryChannel>();
  readonly #opening = new Map<number, (refusal?: TransportError) => void>();
  #nextId: number;

  /** @param firstId - 1 at one end and 2 at the other: so their ids differ. */
  constructor(host: ChannelHost, firstId: 1 | 2) {
    this.#host = host;
    this.#nextId = firstId;
    this.#carrier = {
      clock: host.clock,
      send: (frame) => host.send(frame),
      pieces: (bytes) => host.pieces(bytes),
      release: (id) => void this.#channels.delete(id),
    };
  }

  /** As {@link Connection.open} says. */
  open(protocol: string, signal: AbortSignal): Promise<Channel> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#channels.size >= channelsMax) return Promise.reject(noCapacity());
    const id = this.#nextId;
    this.#nextId += 2;
    const channel = this.#add(id, protocol);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#opening.delete(id);
        channel.abort();
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#opening.set(id, (refusal) => {
        signal.removeEventListener("abort", onAbort);
        if (refusal === undefined) resolve(channel);
        else reject(refusal);
      });
      this.#host.send({ kind: "open", channel: id, protocol });
    });
  }

  /** Takes a frame of the other end. Those of channels that are over say nothing any more. */
  receive(frame: ChannelFrame): void {
    const channel = this.#channels.get(frame.channel);
    switch (frame.kind) {
      case "open":
        return this.#receiveOpen(frame.channel, frame.protocol);
      case "opened":
        return this.#answer(frame.channel);
      case "refuse-open": {
        this.#channels.delete(frame.channel);
        const refusal = frame.code === "NETWORK_NO_CAPACITY" ? noCapacity() : unsupported(channel);
        return this.#answer(frame.channel, refusal);
      }
      case "data":
        return channel?.receive(frame.bytes);
      case "credit":
        return channel?.receiveCredit(frame.count);
      case "end":
        return channel?.receiveEnd();
      case "abort":
        return channel?.cut();
      default:
        frame satisfies never;
    }
  }

  /** The connection is over. */
  end(): void {
    for (const id of [...this.#opening.keys()]) this.#answer(id, connectionEnded());
    for (const channel of [...this.#channels.values()]) channel.cut();
  }

  /** The process of this end is gone. */
  vanish(): void {
    for (const channel of this.#channels.values()) channel.vanish();
    this.#channels.clear();
    this.#opening.clear();
  }

  #add(id: number, protocol: string): MemoryChannel {
    const channel = new MemoryChannel(this.#carrier, id, protocol);
    this.#channels.set(id, channel);
    return channel;
  }

  #receiveOpen(id: number, protocol: string): void {
    const refuse = (code: "CHANNEL_UNSUPPORTED_PROTOCOL" | "NETWORK_NO_CAPACITY"): void =>
      this.#host.send({ kind: "refuse-open", channel: id, code });
    if (!this.#host.serves(protocol)) return refuse("CHANNEL_UNSUPPORTED_PROTOCOL");
    if (this.#channels.size >= channelsMax) return refuse("NETWORK_NO_CAPACITY");
    this.#host.send({ kind: "opened", channel: id });
    this.#host.opened(this.#add(id, protocol));
  }

  #answer(id: number, refusal?: TransportError): void {
    const answer = this.#opening.get(id);
    this.#opening.delete(id);
    answer?.(refusal);
  }
}

/** Why a connection that has ended opens no channel. */
export function connectionEnded(): TransportError {
  return new TransportError("CHANNEL_CLOSED", "the connection has ended", {
    retryable: true,
    data: { reason: "the connection has ended" },
  });
}

function noCapacity(): TransportError {
  const message = `a connection has at most ${channelsMax} channels`;
  return new TransportError("NETWORK_NO_CAPACITY", message, { retryable: true });
}

function unsupported(channel: Channel | undefined): TransportError {
  const protocol = channel?.protocol;
  const message = `the peer does not serve '${protocol}'`;
  return new TransportError("CHANNEL_UNSUPPORTED_PROTOCOL", message, { data: { protocol } });
}
