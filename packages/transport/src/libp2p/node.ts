import type {
  CircuitRelayServerComponents,
  CircuitRelayTransportComponents,
} from "@libp2p/circuit-relay-v2";
import { identify } from "@libp2p/identify";
import type { Connection, PeerId as LibPeerId, PrivateKey, Transport } from "@libp2p/interface";
import { yamux } from "@libp2p/yamux";
import type { NetworkId } from "@mosaik/primitives";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p, type Libp2p } from "libp2p";
import { admission } from "./admission.ts";
import {
  dialAddressTimeoutMs,
  handshakeTimeoutMs,
  type Libp2pSettings,
  readBufferBytesMax,
  writeBufferBytesMax,
} from "./config.ts";
import type { Platform } from "./platform.ts";

/** A libp2p node, reduced to what we use of it. */
export interface LibNode {
  readonly libp2p: Libp2p;
  /** Makes a new connection to an address, whether or not there is one. */
  dial(address: string, signal: AbortSignal): Promise<Connection>;
  /** The addresses listened on, ports and interfaces resolved. */
  listening(): readonly string[];
  /** What it is made of. */
  readonly components: LibComponents;
}

/** What relays and circuits are made with, and where they are added. */
export type LibComponents = CircuitRelayServerComponents &
  CircuitRelayTransportComponents & { readonly transportManager: AddsTransports };

/** libp2p adds transports to a node after its start, which its types do not show. */
interface AddsTransports {
  add(transport: Transport): void;
}

/** What a node is made of. */
export interface LibNodeInit {
  readonly settings: Libp2pSettings;
  readonly platform: Platform;
  readonly network: NetworkId;
  readonly privateKey: PrivateKey;
  /** Told of addresses that turned up on the LAN. */
  readonly discovered: (addresses: readonly string[]) => void;
  /** Whether a peer was admitted to the network. */
  readonly isAdmitted: (peer: LibPeerId) => boolean;
}

/**
 * Makes a node that is not started yet. It does what it is told and nothing by itself: no dialling,
 * no pings, no routing, no relaying, nobody's infrastructure.
 */
export async function createNode(init: LibNodeInit): Promise<LibNode> {
  const { settings, platform, network, privateKey, discovered, isAdmitted } = init;
  let parts: Omit<LibNode, "libp2p"> | undefined;
  const libp2p: Libp2p = await createLibp2p({
    start: false,
    privateKey,
    addresses: { listen: [...settings.listen], announce: [...settings.announce] },
    transports: platform.transports(settings),
    connectionEncrypters: platform.encrypters(),
    streamMuxers: [yamux(muxerLimits(settings))],
    connectionGater: admission(settings, () => libp2p.getConnections().length, isAdmitted),
    connectionManager: {
      // our own gater counts: libp2p would close connections that are in use
      maxConnections: Number.MAX_SAFE_INTEGER,
      maxIncomingPendingConnections: Number.MAX_SAFE_INTEGER,
      inboundConnectionThreshold: settings.connectionsPerSecondMax,
      inboundUpgradeTimeout: handshakeTimeoutMs,
      inboundStreamProtocolNegotiationTimeout: handshakeTimeoutMs,
      outboundStreamProtocolNegotiationTimeout: handshakeTimeoutMs,
      addressDialTimeout: dialAddressTimeoutMs,
      reconnectRetries: 0,
    },
    peerDiscovery: settings.mdns ? await platform.discovery(network, discovered) : [],
    connectionMonitor: { enabled: false },
    services: {
      identify: identify({ runOnConnectionOpen: false }),
      parts: (components) => {
        const { transportManager, addressManager } = components;
        // it writes our addresses into the peer store a second after each change, the last time
        // after the node has stopped, which keeps the process alive; nobody reads them
        Object.assign(addressManager, { _updatePeerStoreAddresses: () => {} });
        parts = {
          dial: (address, signal) => transportManager.dial(multiaddr(address), { signal }),
          // libp2p hands all there is to every service
          components: components as unknown as LibComponents,
          listening: () => transportManager.getAddrs().map((address) => address.toString()),
        };
        return {};
      },
    },
  });
  if (parts === undefined) throw new Error("libp2p did not build its services");
  return { libp2p, ...parts };
}

function muxerLimits(settings: Libp2pSettings) {
  return {
    maxInboundStreams: settings.channelsMax,
    maxOutboundStreams: settings.channelsMax,
    maxEarlyStreams: settings.channelsMax,
    streamOptions: {
      maxReadBufferLength: readBufferBytesMax,
      maxWriteBufferLength: writeBufferBytesMax,
    },
  };
}
