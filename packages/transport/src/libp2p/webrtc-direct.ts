import { start, stop, type Transport, type Upgrader } from "@libp2p/interface";
import { TransportError } from "../errors.ts";
import type { Libp2pSettings } from "./config.ts";
import type { LibNode } from "./node.ts";
import type { WebRtc } from "./webrtc.ts";

type Upgrades = Pick<Upgrader, "createInboundAbortSignal">;

/** webrtc-direct of a node: loaded and added to libp2p when it is wanted first. */
export class WebRtcDirect {
  readonly #node: LibNode;
  readonly #settings: Libp2pSettings;
  #added: Promise<Transport> | undefined;

  constructor(node: LibNode, settings: Libp2pSettings) {
    this.#node = node;
    this.#settings = settings;
  }

  /**
   * Sees to it that libp2p dials and listens by it.
   *
   * @throws TransportError with `NETWORK_UNREACHABLE` where this node was made without WebRTC.
   */
  async add(): Promise<void> {
    const { webrtc } = this.#settings;
    if (webrtc === undefined) {
      throw new TransportError("NETWORK_UNREACHABLE", "webrtc-direct needs the option 'webrtc'");
    }
    this.#added ??= this.#add(webrtc);
    await this.#added;
  }

  async stop(): Promise<void> {
    await stop(await this.#added);
  }

  async #add(webrtc: WebRtc): Promise<Transport> {
    const { components } = this.#node;
    const { direct } = await webrtc.load();
    const upgrader = bounded(components.upgrader, this.#settings.handshakesMax);
    const parts: object = Object.create(components, { upgrader: { value: upgrader } });
    // both sides of the conversion are libp2p's: its types do not show in ours
    const transport = direct(parts as never) as Transport;
    await start(transport);
    components.transportManager.add(transport);
    return transport;
  }
}

/**
 * One UDP packet from anywhere begins a handshake, and for each libp2p takes a signal from here first:
 * so many run at once, and one more ends the oldest, as with those of sockets.
 */
function bounded(upgrader: Upgrades, handshakesMax: number): Upgrades {
  const running = new Set<AbortController>(); // oldest first
  return {
    createInboundAbortSignal(closed) {
      const handshake = new AbortController();
      const end = (): void => handshake.abort();
      closed.addEventListener("abort", end);
      running.add(handshake);
      for (const oldest of running) {
        if (running.size <= handshakesMax) break;
        running.delete(oldest);
        oldest.abort(new Error("too many handshakes at once"));
      }
      const signal = upgrader.createInboundAbortSignal(handshake.signal);
      const { clear } = signal;
      return Object.assign(signal, {
        clear: (): void => {
          closed.removeEventListener("abort", end);
          running.delete(handshake);
          clear.call(signal);
        },
      });
    },
  };
}
