import { type Clock, concatBytes, encodeHex, type PeerId } from "@mosaik/primitives";
import { linkBacklogBytesMax, linkCloseTimeoutMs } from "../config.ts";
import type { Channel, ChannelListener, Connection } from "../transport.ts";
import type { LinkHome, MovableLink } from "./link-home.ts";
import type { SessionEnvironment } from "./session-environment.ts";

/** The protocol of channels over which links go on that began on another connection. */
export const moveProtocol = "/mosaik/move/1";

/** Length of what names a move: the first bytes over its channel. */
export const moveTokenBytes = 16;

type Take = (channel?: Channel, home?: LinkHome) => void;

/** Has a link that was opened here go on over another connection; where it cannot, it stays. */
export function moveLink(
  link: MovableLink,
  connection: Connection,
  home: LinkHome,
  { signal, random, log }: SessionEnvironment,
): void {
  if (link.direction === "inbound") return;
  connection.open(moveProtocol, { signal }).then(
    (channel) => link.moveTo(channel, random.bytes(moveTokenBytes), home),
    (error) => log.debug("a link stays where it is", { peer: connection.peer, error }),
  );
}

/** Brings links and the channels together over which they go on, whichever comes first. */
export class Moves {
  readonly #clock: Clock;
  readonly #links = new Map<string, Take>();
  readonly #channels = new Map<string, (take: Take) => void>();
  /** What arrived for links that have not come, bytes by peer. */
  readonly #kept = new Map<PeerId, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A link of a peer goes on over the channel that begins with a token. */
  linkCame(peer: PeerId, token: Uint8Array, take: Take): void {
    const name = nameOf(peer, token);
    const give = this.#channels.get(name);
    if (give !== undefined) return give(take);
    const timer = this.#clock.after(linkCloseTimeoutMs, () => {
      if (this.#links.delete(name)) take();
    });
    this.#links.set(name, (channel, home) => {
      timer.cancel();
      take(channel, home);
    });
  }

  /** A peer opened a channel for a link. */
  channelCame(peer: PeerId, home: LinkHome, channel: Channel): void {
    const arriving = new ArrivingChannel(channel);
    let name: string | undefined;
    const forget = (): void => {
      timer.cancel();
      if (name !== undefined) this.#channels.delete(name);
      this.#count(peer, -arriving.keptBytes);
    };
    const timer = this.#clock.after(linkCloseTimeoutMs, () => {
      forget();
      channel.abort();
    });
    arriving.begin({
      kept: (bytes) => {
        if (this.#count(peer, bytes) > linkBacklogBytesMax) channel.abort();
      },
      named: (token) => {
        name = nameOf(peer, token);
        const give = (take: Take): void => {
          forget();
          take(arriving, home);
        };
        const take = this.#links.get(name);
        if (take === undefined) return void this.#channels.set(name, give);
        this.#links.delete(name);
        give(take);
      },
    });
  }

  #count(peer: PeerId, bytes: number): number {
    const kept = (this.#kept.get(peer) ?? 0) + bytes;
    if (kept === 0) this.#kept.delete(peer);
    else this.#kept.set(peer, kept);
    return kept;
  }
}

/** A channel that says first whose it is, and keeps what arrives until its link listens. */
class ArrivingChannel implements Channel {
  readonly protocol: string;
  readonly #channel: Channel;
  #kept: Uint8Array[] = [];
  #isNamed = false;
  #isEnded = false;
  #listener: ChannelListener | undefined;

  constructor(channel: Channel) {
    this.protocol = channel.protocol;
    this.#channel = channel;
  }

  /** Reads it: `kept` is told how many bytes more it keeps, `named` of the token. */
  begin(owner: { kept(bytes: number): void; named(token: Uint8Array): void }): void {
    this.#channel.listen({
      received: (bytes) => {
        if (this.#listener !== undefined) return this.#listener.received(bytes);
        this.#kept.push(bytes);
        owner.kept(bytes.byteLength);
        if (this.#isNamed || this.keptBytes < moveTokenBytes) return;
        this.#isNamed = true;
        const all = concatBytes(...this.#kept);
        this.#kept = [all.subarray(moveTokenBytes)];
        owner.kept(-moveTokenBytes);
        owner.named(all.subarray(0, moveTokenBytes));
      },
      drained: () => this.#listener?.drained(),
      ended: () => {
        this.#isEnded = true;
        this.#listener?.ended();
      },
    });
  }

  get keptBytes(): number {
    return this.#kept.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  get full(): boolean {
    return this.#channel.full;
  }

  write(bytes: Uint8Array): boolean {
    return this.#channel.write(bytes);
  }

  listen(listener: ChannelListener): void {
    this.#listener = listener;
    for (const bytes of this.#kept.splice(0)) {
      if (bytes.byteLength > 0) listener.received(bytes);
    }
    if (this.#isEnded) listener.ended();
  }

  end(): void {
    this.#channel.end();
  }

  abort(): void {
    this.#channel.abort();
  }
}

function nameOf(peer: PeerId, token: Uint8Array): string {
  return `${peer} ${encodeHex(token)}`;
}
