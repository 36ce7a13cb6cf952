import type { Connection as LibConnection, PeerId as LibPeerId } from "@libp2p/interface";
import type { Clock, Log } from "@mosaik/primitives";
import type { Diagnostics } from "../diagnostics/diagnostics.ts";
import { RelaySection } from "../diagnostics/sections.ts";
import { TransportError } from "../errors.ts";
import type { TransportListener } from "../transport.ts";
import type { Circuit } from "./addresses.ts";
import type { Circuits } from "./circuits.ts";
import type { Libp2pSettings } from "./config.ts";
import type { LibNode } from "./node.ts";
import type { Relay } from "./relay.ts";

/** What a node's dealings with relays are made with. */
export interface RelayingInit {
  readonly node: LibNode;
  readonly settings: Libp2pSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly diagnostics: Diagnostics | undefined;
  /** Admitted connections that this node made, straight to whoever may be a relay. */
  readonly candidates: () => readonly LibConnection[];
  /** Whether a peer is connected, not through a relay, and admitted. */
  readonly isAdmitted: (peer: LibPeerId) => boolean;
  /** Told when the addresses through relays have changed. */
  readonly changed: () => void;
}

/** All that a node has to do with relays; its parts are loaded when they are wanted. */
export class Relaying {
  readonly #init: RelayingInit;
  #connectTo: TransportListener["connectTo"];
  #relay: Relay | undefined;
  #circuits: Circuits | undefined;
  #loading: Promise<Circuits> | undefined;
  #stopped = false;

  constructor(init: RelayingInit) {
    this.#init = init;
  }

  /** Where others reach this node through relays. */
  get addresses(): readonly string[] {
    return this.#circuits?.addresses ?? [];
  }

  /** Begins to be a relay, where it is to be one. */
  async start(listener: TransportListener): Promise<void> {
    this.#connectTo = listener.connectTo;
    const { node, settings, diagnostics } = this.#init;
    if (settings.relay === undefined) return;
    const { Relay } = await import("./relay.ts");
    const relay = new Relay(node.components, settings.relay);
    this.#relay = relay;
    diagnostics?.describe(RelaySection, () => relay.counts);
    await relay.start();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#relay?.stop();
    await this.#circuits?.stop();
  }

  /** Whether the relay at the other end of a connection keeps a place for this node. */
  hasPlace(connection: LibConnection): boolean {
    return this.#circuits?.hasPlace(connection) ?? false;
  }

  /** Whether a connection is through a relay where WebRTC was wanted. */
  isMakeshift(connection: LibConnection): boolean {
    return this.#circuits?.isMakeshift(connection) ?? false;
  }

  /** Connects to a peer through a relay, which may be reached at several addresses. */
  async dial(
    circuit: Circuit,
    relayAddresses: readonly string[],
    signal: AbortSignal,
  ): Promise<LibConnection> {
    const circuits = await this.#load();
    return circuits.dial(circuit, relayAddresses, signal);
  }

  /** Asks for places, while there are too few, those that were not asked yet. */
  async ask(): Promise<void> {
    const { settings, candidates } = this.#init;
    if (!settings.viaRelays || this.#stopped) return;
    const circuits = await this.#load();
    for (const candidate of candidates()) await circuits.ask(candidate);
  }

  #load(): Promise<Circuits> {
    this.#loading ??= this.#create();
    return this.#loading;
  }

  async #create(): Promise<Circuits> {
    const { Circuits } = await import("./circuits.ts");
    const { node, settings, clock, log, changed, isAdmitted } = this.#init;
    const makeWebRtc = (await settings.webrtc?.load())?.arranged;
    const connectTo = this.#connectTo;
    if (connectTo === undefined || this.#stopped) {
      throw new TransportError("NETWORK_UNREACHABLE", "nobody is dialled through relays here");
    }
    this.#circuits = new Circuits({
      ...{ node, clock, log, connectTo, changed, isAdmitted, makeWebRtc },
    });
    await this.#circuits.start();
    return this.#circuits;
  }
}
