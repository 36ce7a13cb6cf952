import { Socket } from "node:net";
import { connect, createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type {
  ConnectionEncrypter,
  MessageStream,
  SecureConnectionOptions,
  SecuredConnection,
  StreamMuxerFactory,
} from "@libp2p/interface";
import { type TLSComponents, tls } from "@libp2p/tls";
import { generateCertificate, toMessageStream } from "@libp2p/tls/utils";
import type { Uint8ArrayList } from "uint8arraylist";
import { peerOfCertificate } from "./certificate.ts";

/**
 * TLS 1.3 as libp2p specifies it, with the certificates of `@libp2p/tls`: the same on the wire. Where
 * a connection is a TCP socket, Node's TLS reads from it and writes to it by itself; libp2p's own
 * takes every record through two more streams of JavaScript. Other connections are left to libp2p's.
 *
 * A node shows one certificate to all: it is valid for longer than any process lives, and to make one
 * for each connection costs more than the rest of the handshake.
 */
export function socketTls(): (components: TLSComponents) => ConnectionEncrypter {
  return (components) => {
    const plain = tls()(components);
    let made: Promise<SecureContext> | undefined;
    const context = (): Promise<SecureContext> => {
      made ??= makeContext(components);
      return made;
    };
    const secure = async (
      isServer: boolean,
      connection: MessageStream,
      options: SecureConnectionOptions = {},
    ): Promise<SecuredConnection> => {
      const socket = socketOf(connection);
      if (socket !== undefined) {
        return new Handshake({ components, context, connection, socket, isServer, options }).run();
      }
      if (isServer) return plain.secureInbound(connection, options);
      return plain.secureOutbound(connection, options);
    };
    return {
      protocol: plain.protocol,
      secureInbound: (connection, options) => secure(true, connection, options),
      secureOutbound: (connection, options) => secure(false, connection, options),
    };
  };
}

/** The TCP socket that a connection is a face of, where it is one. */
function socketOf(connection: MessageStream): Socket | undefined {
  const { socket } = connection as { socket?: unknown };
  return socket instanceof Socket ? socket : undefined;
}

async function makeContext({ privateKey }: TLSComponents): Promise<SecureContext> {
  const certificate = await generateCertificate(privateKey);
  return createSecureContext({ ...certificate, minVersion: "TLSv1.3", maxVersion: "TLSv1.3" });
}

interface HandshakeInit {
  readonly components: TLSComponents;
  readonly context: () => Promise<SecureContext>;
  readonly connection: MessageStream;
  readonly socket: Socket;
  readonly isServer: boolean;
  readonly options: SecureConnectionOptions;
}

/** What an end offers that leaves the choice of a muxer for later. */
const noMuxer = "libp2p";

/** Makes one connection a secure one. */
class Handshake {
  readonly #init: HandshakeInit;
  #muxer: StreamMuxerFactory | undefined;

  constructor(init: HandshakeInit) {
    this.#init = init;
  }

  async run(): Promise<SecuredConnection> {
    const { connection, options } = this.#init;
    const secured = await this.#begin();
    // To reset the socket under it in the middle of the handshake is what Node does not survive.
    Object.assign(connection, { sendReset: () => secured.destroy() });
    const failed = Promise.withResolvers<never>();
    const fail = (error: Error): void => {
      secured.destroy();
      connection.abort(error);
      failed.reject(error);
    };
    const late = (): void => fail(new Error("the TLS handshake took too long"));
    const closed = (): void => fail(new Error("the connection closed during the TLS handshake"));
    secured.on("error", fail); // also later: nobody else may be listening
    secured.on("close", closed);
    options.signal?.addEventListener("abort", late);
    if (options.signal?.aborted) late();
    try {
      return await Promise.race([failed.promise, this.#proven(secured)]);
    } catch (error) {
      fail(error instanceof Error ? error : new Error("the TLS handshake failed"));
      throw error;
    } finally {
      secured.off("close", closed);
      options.signal?.removeEventListener("abort", late);
    }
  }

  /** Takes the socket from its connection, and gives it to Node's TLS with what has come already. */
  async #begin(): Promise<TLSSocket> {
    const { context, connection, socket, isServer } = this.#init;
    socket.pause();
    const settings = {
      secureContext: await context(),
      rejectUnauthorized: false, // they are signed by themselves; what counts is the key in them
      ALPNProtocols: [...this.#muxers.keys(), noMuxer],
    };
    for (const early of (await arrived(connection)).reverse()) socket.unshift(early);
    if (socket.destroyed) throw new Error("the connection closed before the TLS handshake");
    socket.removeAllListeners("data");
    if (!isServer) return connect({ ...settings, socket });
    return new TLSSocket(socket, {
      ...settings,
      isServer,
      requestCert: true,
      ALPNCallback: ({ protocols }) => this.#choose(protocols),
    });
  }

  /** Waits until it is known who is at the other end. */
  async #proven(secured: TLSSocket): Promise<SecuredConnection> {
    const { connection, isServer, options } = this.#init;
    await new Promise((resolve) => secured.once("secure", resolve));
    const { raw } = secured.getPeerCertificate();
    const remotePeer = await peerOfCertificate(raw, options.remotePeer);
    if (!isServer) this.#choose([secured.alpnProtocol || noMuxer]);
    const muxer = this.#muxer && { streamMuxer: this.#muxer };
    return { remotePeer, connection: toMessageStream(connection, secured), ...muxer };
  }

  get #muxers(): ReadonlyMap<string, StreamMuxerFactory> {
    const { components, options } = this.#init;
    if (options.skipStreamMuxerNegotiation === true) return new Map();
    return components.upgrader.getStreamMuxers();
  }

  /** Takes the first muxer of the other end's that is here too. */
  #choose(protocols: readonly string[]): string | undefined {
    const chosen = protocols.find((name) => this.#muxers.has(name));
    this.#muxer = chosen === undefined ? undefined : this.#muxers.get(chosen);
    return chosen ?? protocols.find((name) => name === noMuxer);
  }
}

/** What has come of a connection that nobody has listened to, and is not read any more. */
async function arrived(connection: MessageStream): Promise<Uint8Array[]> {
  const early: Uint8Array[] = [];
  const take = ({ data }: { data: Uint8Array | Uint8ArrayList }): void => {
    early.push(data instanceof Uint8Array ? data : data.subarray());
  };
  connection.addEventListener("message", take);
  await Promise.resolve(); // it tells a new listener after the present call
  connection.removeEventListener("message", take);
  return early;
}
