import {
  type CircuitRelayService,
  circuitRelayServer,
  RELAY_V2_HOP_CODEC,
} from "@libp2p/circuit-relay-v2";
import type { Startable, Stream, StreamHandler } from "@libp2p/interface";
import type { RelaySettings } from "./config.ts";
import type { LibComponents } from "./node.ts";

/** What a relay did and does. */
export interface RelayCounts {
  reservations: number;
  circuits: number;
  circuitsSoFar: number;
  bytes: number;
}

/** The relay of a node: who has a place at it is reached through it by those it admitted. */
export class Relay {
  readonly #server: CircuitRelayService & Startable;
  readonly #counts = { circuits: 0, circuitsSoFar: 0, bytes: 0 };

  constructor(components: LibComponents, settings: RelaySettings) {
    const { reservationsMax, circuitsPerPeerMax, perCircuit } = settings;
    const make = circuitRelayServer({
      maxInboundHopStreams: circuitsPerPeerMax,
      maxOutboundStopStreams: circuitsPerPeerMax,
      reservations: {
        maxReservations: reservationsMax,
        applyDefaultLimit: perCircuit !== undefined,
        ...(perCircuit && {
          defaultDataLimit: BigInt(perCircuit.bytes),
          defaultDurationLimit: perCircuit.durationMs,
        }),
      },
    });
    this.#server = make(this.#counting(components)) as CircuitRelayService & Startable;
    // a place is of use as long as there is a connection; libp2p would keep it for two hours
    components.events.addEventListener("peer:disconnect", ({ detail: peer }) => {
      this.#server.reservations.delete(peer);
    });
  }

  get counts(): RelayCounts {
    return { reservations: this.#server.reservations.size, ...this.#counts };
  }

  async start(): Promise<void> {
    await this.#server.start();
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  /** The same components, but streams that ask for a circuit are counted. */
  #counting(components: LibComponents): LibComponents {
    const { registrar } = components;
    const handle: typeof registrar.handle = (protocols, handler, options) => {
      const isHop = [protocols].flat().includes(RELAY_V2_HOP_CODEC);
      return registrar.handle(protocols, isHop ? this.#counted(handler) : handler, options);
    };
    const unhandle: typeof registrar.unhandle = (protocols) => registrar.unhandle(protocols);
    const counting = Object.assign(Object.create(registrar), { handle, unhandle });
    const { peerStore, addressManager, peerId, privateKey, connectionManager } = components;
    const { connectionGater, logger } = components;
    return {
      ...{ peerStore, addressManager, peerId, privateKey, connectionManager },
      ...{ connectionGater, logger, registrar: counting },
    } as LibComponents; // what a relay uses of them
  }

  #counted(handler: StreamHandler): StreamHandler {
    return (stream, connection) => {
      this.#count(stream);
      return handler(stream, connection);
    };
  }

  /** A place is asked for in one small message; what goes on for longer is a circuit. */
  #count(stream: Stream): void {
    const counts = this.#counts;
    const send = stream.send.bind(stream);
    let messages = 0;
    const passed = (bytes: number): void => {
      if (messages > 1) counts.bytes += bytes;
    };
    stream.addEventListener("message", ({ data }) => {
      messages += 1;
      passed(data.byteLength);
      if (messages !== 2) return;
      counts.circuits += 1;
      counts.circuitsSoFar += 1;
    });
    stream.addEventListener("close", () => {
      if (messages > 1) counts.circuits -= 1;
    });
    stream.send = (data) => {
      passed(data.byteLength);
      return send(data);
    };
  }
}
