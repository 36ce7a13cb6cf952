import type {
  Connection,
  MultiaddrConnection,
  Transport,
  Upgrader,
  UpgraderOptions,
} from "@libp2p/interface";
import { type WebSocketsComponents, type WebSocketsInit, webSockets } from "@libp2p/websockets";

/**
 * libp2p's WebSockets, whose sockets close when libp2p is done with them. By themselves they stay
 * open after an abort, which asks for a close code that sockets refuse, and after a failed dial.
 */
export function closingWebSockets(
  init: WebSocketsInit,
): (components: WebSocketsComponents) => Transport {
  return (components) => {
    const transport = webSockets(init)(components);
    const dial = transport.dial.bind(transport);
    const createListener = transport.createListener.bind(transport);
    transport.dial = (address, options) =>
      dial(address, { ...options, upgrader: closing(options.upgrader) });
    transport.createListener = (options) =>
      createListener({ ...options, upgrader: closing(options.upgrader) });
    return transport;
  };
}

function closing(upgrader: Upgrader): Upgrader {
  const close = async <Result>(
    socket: MultiaddrConnection,
    upgraded: Promise<Result>,
  ): Promise<Result> => {
    socket.addEventListener("close", (event) => {
      if (event.error !== undefined) closeSocket(socket);
    });
    try {
      return await upgraded;
    } catch (error) {
      socket.abort(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  };
  return {
    upgradeInbound: (socket: MultiaddrConnection, options: UpgraderOptions): Promise<void> =>
      close(socket, upgrader.upgradeInbound(socket, options)),
    upgradeOutbound: (socket: MultiaddrConnection, options: UpgraderOptions): Promise<Connection> =>
      close(socket, upgrader.upgradeOutbound(socket, options)),
    createInboundAbortSignal: (signal) => upgrader.createInboundAbortSignal(signal),
    getStreamMuxers: () => upgrader.getStreamMuxers(),
    getConnectionEncrypters: () => upgrader.getConnectionEncrypters(),
  };
}

function closeSocket(connection: MultiaddrConnection): void {
  // libp2p keeps the socket in a field that its types do not show: of `ws` where it listens, which
  // can be terminated, of the platform where it dials
  const { websocket } = connection as {
    websocket?: { close?: () => void; terminate?: () => void };
  };
  if (websocket?.terminate === undefined) websocket?.close?.();
  else websocket.terminate();
}
