import type { Server } from "node:net";
import type { Listener, MultiaddrConnection, Transport, Upgrader } from "@libp2p/interface";
import { type WebSocketsComponents, webSockets } from "@libp2p/websockets";
import { handshakeTimeoutMs, type Libp2pSettings, webSocketMessageBytesMax } from "./config.ts";

/**
 * libp2p's WebSockets, made safe. By themselves they crash the process when a peer sends a bad
 * frame, take messages of 100 MiB from strangers, wait for silent ones without end, and leave
 * sockets open after an abort or a failed dial.
 */
export function safeWebSockets(
  settings: Libp2pSettings,
): (components: WebSocketsComponents) => Transport {
  const http = {
    headersTimeout: handshakeTimeoutMs,
    requestTimeout: handshakeTimeoutMs,
    connectionsCheckingInterval: 1_000,
  };
  return (components) => {
    const transport = webSockets({ http })(components);
    const dial = transport.dial.bind(transport);
    const createListener = transport.createListener.bind(transport);
    transport.dial = (address, options) =>
      dial(address, { ...options, upgrader: minding(options.upgrader) });
    transport.createListener = (options) => {
      const listener = createListener({ ...options, upgrader: minding(options.upgrader) });
      limit(listener, settings.connectionsMax + settings.handshakesMax);
      return listener;
    };
    return transport;
  };
}

/** An upgrader that sees to it that the sockets it upgrades are closed in the end. */
function minding(upgrader: Upgrader): Upgrader {
  const mind = async <Result>(
    connection: MultiaddrConnection,
    upgraded: Promise<Result>,
  ): Promise<Result> => {
    const socket = socketOf(connection);
    socket?.addEventListener("error", () => {}); // it closes by itself; nobody else listens
    connection.addEventListener("close", (event) => {
      if (event.error !== undefined) (socket?.terminate ?? socket?.close)?.call(socket);
    });
    try {
      return await upgraded;
    } catch (error) {
      connection.abort(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  };
  const { upgradeInbound, upgradeOutbound } = upgrader;
  return Object.assign(Object.create(upgrader), {
    upgradeInbound: (...args: Parameters<typeof upgradeInbound>) =>
      mind(args[0], upgradeInbound.apply(upgrader, args)),
    upgradeOutbound: (...args: Parameters<typeof upgradeOutbound>) =>
      mind(args[0], upgradeOutbound.apply(upgrader, args)),
  });
}

/** Bounds what strangers may do before there is a connection. */
function limit(listener: Listener, socketsMax: number): void {
  // in fields that the types of libp2p do not show
  const { server, wsServer } = listener as Partial<ListenerFields>;
  if (server === undefined || wsServer === undefined) return;
  server.maxConnections = socketsMax;
  wsServer.options.maxPayload = webSocketMessageBytesMax;
  // ends what stays silent; a socket that becomes a WebSocket has its timeout taken away
  server.on("connection", (socket) =>
    socket.setTimeout(handshakeTimeoutMs, () => socket.destroy()),
  );
}

interface ListenerFields extends Listener {
  readonly server: Server;
  readonly wsServer: { readonly options: { maxPayload: number } };
}

/** The socket under a connection: of `ws` where it listens, of the platform where it dials. */
interface AnySocket {
  addEventListener(type: "error", listener: () => void): void;
  close(): void;
  terminate?(): void;
}

function socketOf(connection: MultiaddrConnection): AnySocket | undefined {
  // in a field that the types of libp2p do not show
  return (connection as { websocket?: AnySocket }).websocket;
}
