import {
  authenticate,
  encodeId,
  equalBytes,
  type NetworkId,
  type PeerId,
} from "@mosaik/primitives";
import type { ControlMessage } from "../wire.ts";

/**
 * Decides whether the two ends of a connection belong to the same network, before anything else is
 * said on it: `hello`, `challenge`, `proof`, `welcome`.
 *
 * Invariants:
 * 1. A side admits the other only after a proof over both nonces, both authenticated peer ids, the
 *    network and the prover's role: a proof is good for one side of one connection only.
 * 2. The accepting side proves first, so it learns nothing about the secret from a stranger's proof
 *    and gives away nothing but a MAC under a fresh nonce.
 * 3. Any message out of order ends the handshake.
 *
 * Without a secret the key is derived from nothing: the proof then only binds the network id.
 */
export class Handshake {
  readonly #init: HandshakeInit;
  #state: "idle" | "awaiting-challenge" | "awaiting-proof" | "awaiting-welcome" | "over" = "idle";
  #remoteNonce: Uint8Array = new Uint8Array(0);

  constructor(init: HandshakeInit) {
    this.#init = init;
  }

  /** The dialler's first message. */
  start(): HandshakeStep {
    this.#state = "awaiting-challenge";
    const { network, nonce } = this.#init;
    return { send: { kind: "hello", network: encodeId(network), nonce } };
  }

  /** Takes a message of the other end. */
  receive(message: ControlMessage): HandshakeStep {
    const step = this.#step(message);
    if (step.refuse !== undefined) this.#state = "over";
    return step;
  }

  #step(message: ControlMessage): HandshakeStep {
    const { role, network, nonce } = this.#init;
    switch (message.kind) {
      case "hello": {
        if (role !== "acceptor" || this.#state !== "idle") return outOfOrder(message);
        if (!this.#sameNetwork(message.network)) return { refuse: "different-network" };
        this.#remoteNonce = message.nonce;
        this.#state = "awaiting-proof";
        const proof = this.#proof("acceptor");
        return { send: { kind: "challenge", network: encodeId(network), nonce, proof } };
      }
      case "challenge":
        if (this.#state !== "awaiting-challenge") return outOfOrder(message);
        if (!this.#sameNetwork(message.network)) return { refuse: "different-network" };
        this.#remoteNonce = message.nonce;
        if (!equalBytes(message.proof, this.#proof("acceptor"))) return { refuse: "wrong-secret" };
        this.#state = "awaiting-welcome";
        return { send: { kind: "proof", proof: this.#proof("dialler") } };
      case "proof":
        if (this.#state !== "awaiting-proof") return outOfOrder(message);
        if (!equalBytes(message.proof, this.#proof("dialler"))) return { refuse: "wrong-secret" };
        this.#state = "over";
        return { send: { kind: "welcome" }, admitted: true };
      case "welcome":
        if (this.#state !== "awaiting-welcome") return outOfOrder(message);
        this.#state = "over";
        return { admitted: true };
      default:
        return outOfOrder(message);
    }
  }

  #sameNetwork(network: Uint8Array): boolean {
    return equalBytes(network, encodeId(this.#init.network));
  }

  #proof(prover: HandshakeRole): Uint8Array {
    const { role, network, key, local, remote, nonce } = this.#init;
    const dialler = role === "dialler";
    return authenticate(
      key,
      Uint8Array.of(prover === "dialler" ? 1 : 2),
      encodeId(network),
      encodeId(dialler ? local : remote),
      encodeId(dialler ? remote : local),
      dialler ? nonce : this.#remoteNonce,
      dialler ? this.#remoteNonce : nonce,
    );
  }
}

/** Which side of the connection one is on. */
export type HandshakeRole = "dialler" | "acceptor";

/** What a handshake knows from the start. */
export interface HandshakeInit {
  readonly role: HandshakeRole;
  readonly network: NetworkId;
  readonly local: PeerId;
  /** As the secure channel authenticated it. */
  readonly remote: PeerId;
  /** 32 fresh random bytes. */
  readonly nonce: Uint8Array;
  /** Derived from the network's secret. */
  readonly key: Uint8Array;
}

/** What follows from a message: at most one to send, and the verdict if there is one. */
export interface HandshakeStep {
  readonly send?: ControlMessage;
  readonly admitted?: true;
  readonly refuse?: "different-network" | "wrong-secret" | "protocol-violation";
}

function outOfOrder(_message: ControlMessage): HandshakeStep {
  return { refuse: "protocol-violation" };
}
