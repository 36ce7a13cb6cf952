import {
  authenticate,
  type Digest,
  encodeId,
  equalBytes,
  type GroupId,
  type NetworkId,
  type PeerId,
} from "@mosaik/primitives";
import type { MemberKind } from "../raft/member.ts";
import type { BondMessage } from "../wire.ts";

/**
 * Decides whether the two ends of a link are members of the same group, before anything of the group
 * is said on it: `hello`, `challenge`, `proof`, `proof`, `introduction`, `introduction`.
 *
 * 1. A side counts the other as proven only after a proof over both nonces, both authenticated peer
 *    ids, the network, the group and the prover's role: a proof is good for one side of one link.
 * 2. Before both proofs hold, nothing is sent but what the catalog says anyway, nonces and proofs.
 * 3. Any message out of order ends the session; a refused session stays refused.
 * 4. Once it is established, every message is handed on: `bonds` only, anything else is a refusal.
 */
export class BondSession {
  readonly #init: BondInit;
  #state:
    | "idle"
    | "awaiting-challenge"
    | "awaiting-dialler"
    | "awaiting-acceptor"
    | "awaiting-introduction"
    | "established"
    | "over" = "idle";
  #remoteNonce: Uint8Array = new Uint8Array(0);

  constructor(init: BondInit) {
    this.#init = init;
  }

  /** Whether the other end was proven and has introduced itself. */
  get established(): boolean {
    return this.#state === "established";
  }

  /** The dialler's first message. */
  start(): BondStep {
    this.#state = "awaiting-challenge";
    const { announced, nonce } = this.#init;
    return { send: [{ kind: "hello", announced: encodeId(announced), nonce }] };
  }

  /** Takes a message of the other end. */
  receive(message: BondMessage): BondStep {
    const step = this.#step(message);
    if (step.refuse !== undefined) this.#state = "over";
    return step;
  }

  #step(message: BondMessage): BondStep {
    const { role, nonce, announced } = this.#init;
    switch (message.kind) {
      case "hello":
        if (role !== "acceptor" || this.#state !== "idle") return outOfOrder;
        if (!equalBytes(message.announced, encodeId(announced))) return { refuse: "not-found" };
        this.#remoteNonce = message.nonce;
        this.#state = "awaiting-dialler";
        return { send: [{ kind: "challenge", nonce }] };
      case "challenge":
        if (this.#state !== "awaiting-challenge") return outOfOrder;
        this.#remoteNonce = message.nonce;
        this.#state = "awaiting-acceptor";
        return { send: [{ kind: "proof", proof: this.#proof("dialler") }] };
      case "proof":
        return this.#proven(message.proof);
      case "introduction": {
        if (this.#state !== "awaiting-introduction") return outOfOrder;
        this.#state = "established";
        const { incarnation, memberKind } = message;
        const established = { incarnation, memberKind };
        return role === "acceptor" ? { send: [this.#introduction], established } : { established };
      }
      case "bonds":
        return this.#state === "established" ? {} : outOfOrder;
      default:
        return message satisfies never;
    }
  }

  #proven(proof: Uint8Array): BondStep {
    if (this.#state !== "awaiting-dialler" && this.#state !== "awaiting-acceptor") {
      return outOfOrder;
    }
    const ofDialler = this.#state === "awaiting-dialler";
    if (!equalBytes(proof, this.#proof(ofDialler ? "dialler" : "acceptor"))) {
      return { refuse: "not-proven" };
    }
    this.#state = "awaiting-introduction";
    if (ofDialler) return { send: [{ kind: "proof", proof: this.#proof("acceptor") }] };
    return { send: [this.#introduction] };
  }

  get #introduction(): BondMessage {
    const { incarnation, memberKind } = this.#init;
    return { kind: "introduction", incarnation, memberKind };
  }

  #proof(prover: BondRole): Uint8Array {
    const { role, network, group, key, local, remote, nonce } = this.#init;
    const dialler = role === "dialler";
    return authenticate(
      key,
      Uint8Array.of(prover === "dialler" ? 1 : 2),
      encodeId(network),
      encodeId(group),
      encodeId(dialler ? local : remote),
      encodeId(dialler ? remote : local),
      dialler ? nonce : this.#remoteNonce,
      dialler ? this.#remoteNonce : nonce,
    );
  }
}

/** Which side of the link one is on. */
export type BondRole = "dialler" | "acceptor";

/** What a session knows from the start. */
export interface BondInit {
  readonly role: BondRole;
  readonly network: NetworkId;
  readonly group: GroupId;
  /** What the catalog says of the group. */
  readonly announced: Digest;
  /** Derived from the group's key for this purpose. */
  readonly key: Uint8Array;
  readonly local: PeerId;
  /** As the secure channel authenticated it. */
  readonly remote: PeerId;
  /** 32 fresh random bytes. */
  readonly nonce: Uint8Array;
  /** What the other end is told once it is proven. */
  readonly incarnation: string;
  readonly memberKind: MemberKind;
}

/** What follows from a message: what to send, in order, and the verdict if there is one. */
export interface BondStep {
  readonly send?: readonly BondMessage[];
  /** Who the other end is. */
  readonly established?: { readonly incarnation: string; readonly memberKind: MemberKind };
  readonly refuse?: "not-found" | "not-proven" | "protocol-violation";
}

const outOfOrder: BondStep = { refuse: "protocol-violation" };
