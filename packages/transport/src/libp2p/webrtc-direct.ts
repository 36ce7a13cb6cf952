import { start, stop, type Transport } from "@libp2p/interface";
import { TransportError } from "../errors.ts";
import type { LibNode } from "./node.ts";
import type { WebRtc } from "./webrtc.ts";

/** webrtc-direct of a node: loaded and added to libp2p when it is wanted first. */
export class WebRtcDirect {
  readonly #node: LibNode;
  readonly #webrtc: WebRtc | undefined;
  #added: Promise<Transport> | undefined;

  constructor(node: LibNode, webrtc: WebRtc | undefined) {
    this.#node = node;
    this.#webrtc = webrtc;
  }

  /**
   * Sees to it that libp2p dials and listens by it.
   *
   * @throws TransportError with `NETWORK_UNREACHABLE` where this node was made without WebRTC.
   */
  async add(): Promise<void> {
    if (this.#webrtc === undefined) {
      throw new TransportError("NETWORK_UNREACHABLE", "webrtc-direct needs the option 'webrtc'");
    }
    this.#added ??= this.#add(this.#webrtc);
    await this.#added;
  }

  async stop(): Promise<void> {
    await stop(await this.#added);
  }

  async #add(webrtc: WebRtc): Promise<Transport> {
    const { components } = this.#node;
    const { direct } = await webrtc.load();
    // both sides of the conversion are libp2p's: its types do not show in ours
    const transport = direct(components as never) as Transport;
    await start(transport);
    components.transportManager.add(transport);
    return transport;
  }
}
