import type { Discovery } from "@mosaik/discovery";
import { decodeId, encodeId, type PeerId, type Timer } from "@mosaik/primitives";
import type { CloseReason, ServiceContext } from "@mosaik/transport";
import { bondLimits } from "../config.ts";
import { encodeFrame, type Frame } from "../core/frames.ts";
import type { GroupIdentity } from "../core/group-identity.ts";
import type { MemberId, MemberKind } from "../raft/member.ts";
import { type BondMessage, type GroupLink, GroupProtocol } from "../wire.ts";
import { BondLink, type BondLinkOwner } from "./bond-link.ts";
import { type BondRole, BondSession } from "./bond-session.ts";
import { DialPlan } from "./dial-plan.ts";
import { isOffence } from "./offence.ts";

/** What the bonds tell their user. */
export interface BondsListener {
  /** A bond was made. */
  up(member: MemberId, kind: MemberKind): void;
  /** A bond is lost: what was sent on it may be too. */
  down(member: MemberId): void;
  /** Frames of a member, in order. */
  received(member: MemberId, frames: readonly Frame[]): void;
  /** A peer broke the rules: somebody should know. */
  alarm(peer: PeerId, reason: string): void;
}

/** What bonds are made with. */
export interface BondsInit {
  readonly context: ServiceContext;
  readonly discovery: Discovery;
  readonly identity: GroupIdentity;
  readonly incarnation: string;
  readonly memberKind: MemberKind;
  /** Whether a peer may be bonded with, beyond knowing the key. */
  readonly admit: (peer: PeerId) => boolean;
  readonly listener: BondsListener;
}

const nobody: readonly PeerId[] = [];

/** Keeps one authenticated link to every other member of a group, as far as they can be reached. */
export class Bonds implements BondLinkOwner {
  readonly #init: BondsInit;
  readonly #plan: DialPlan;
  /** By peer, proven. */
  readonly #bonds = new Map<PeerId, BondLink>();
  readonly #byMember = new Map<MemberId, BondLink>();
  /** Still in the handshake. */
  readonly #strangers = new Set<BondLink>();
  /** Peers that the log, or another member, says are members. */
  #recorded: readonly PeerId[] = [];
  readonly #told = new Map<PeerId, readonly PeerId[]>();
  #revision = 0;
  readonly #offer: Disposable;
  readonly #watching: Disposable;
  #timer: Timer | undefined;
  #closed = false;

  constructor(init: BondsInit) {
    const { context, discovery, identity } = init;
    this.#init = init;
    this.#plan = new DialPlan(context.peer, context.random);
    this.#offer = discovery.offer("group.member", identity.announced);
    this.#watching = discovery.catalog.subscribe(() => this.review());
    context.clock.soon(() => this.review());
  }

  /** Peers with a bond, in order. */
  get peers(): PeerId[] {
    return [...this.#bonds.keys()].sort();
  }

  /** Another number whenever there are other bonds, here or as others say. */
  get revision(): number {
    return this.#revision;
  }

  /** With whom a peer said last that it has bonds; none where there is no bond with it. */
  toldBy(peer: PeerId): readonly PeerId[] {
    return this.#told.get(peer) ?? nobody;
  }

  /** Whether there is a bond with a member. */
  has(member: MemberId): boolean {
    return this.#byMember.has(member);
  }

  /** Whether more should not be sent to a member now. */
  isFull(member: MemberId): boolean {
    return this.#byMember.get(member)?.link.full ?? true;
  }

  /** Sends to a member; lost where there is no bond. */
  send(to: MemberId, frame: Frame): void {
    this.sendEncoded(to, encodeFrame(frame));
  }

  /** As `send`, what is encoded already; the bytes may be shared. */
  sendEncoded(to: MemberId, frame: Uint8Array): void {
    this.#byMember.get(to)?.link.sendData(frame);
  }

  /** Sends to all. */
  broadcast(frame: Frame): void {
    const encoded = encodeFrame(frame);
    for (const peer of this.peers) this.#bonds.get(peer)?.link.sendData(encoded);
  }

  /** Says which peers the log names as members: they are dialled whatever the catalog says. */
  recorded(peers: readonly PeerId[]): void {
    this.#recorded = peers;
    this.review();
  }

  /** Looks again whom to dial, and who may stay. */
  review(): void {
    if (this.#closed) return;
    const { context, discovery, identity, admit } = this.#init;
    for (const [peer, { link }] of this.#bonds) if (!admit(peer)) link.close("not-allowed");
    const offering = discovery.catalog.value.offering("group.member", identity.announced);
    const peers = new Set([
      ...offering.map(({ peer }) => peer),
      ...this.#recorded,
      ...[...this.#told.values()].flat(),
    ]);
    this.#plan.wanted([...peers].filter(admit), context.clock.monotonic());
    this.#dial();
  }

  /** Takes a link that another node opened, with its first message. */
  accept(link: GroupLink, hello: BondMessage): BondLink["listener"] | undefined {
    const { peer } = link;
    const now = this.#now;
    const refused = this.#refusal(peer, now);
    if (refused !== undefined) {
      link.close(refused);
      return undefined;
    }
    for (const other of this.#strangers) {
      if (other.link.peer === peer) other.link.close("duplicate");
    }
    this.#plan.accepting(peer, now);
    return this.#begin("acceptor", link, hello).listener;
  }

  /** Ends all bonds, saying so, and makes no more. */
  close(reason: "left" | "going-away" | "internal"): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#offer[Symbol.dispose]();
    this.#watching[Symbol.dispose]();
    for (const { link } of [...this.#strangers, ...this.#bonds.values()]) link.close(reason);
  }

  established(bond: BondLink): void {
    const { peer } = bond.link;
    const { member } = bond;
    if (member === undefined) return;
    this.#strangers.delete(bond);
    const before = this.#bonds.get(peer);
    if (before === undefined && this.#bonds.size >= bondLimits.bondsMax) {
      return bond.link.close("overloaded");
    }
    if (before !== undefined) {
      this.#forget(before);
      before.link.close("duplicate");
    }
    this.#revision++;
    this.#bonds.set(peer, bond);
    this.#byMember.set(member, bond);
    this.#plan.bonded(peer, this.#now);
    this.#init.context.log.debug("bonded", { peer });
    this.#init.listener.up(member, bond.memberKind);
    this.#tellBonds();
  }

  received(bond: BondLink, frames: readonly Frame[]): void {
    const { member } = bond;
    if (member === undefined || this.#byMember.get(member) !== bond) return;
    this.#init.listener.received(member, frames);
  }

  told(bond: BondLink, peers: readonly Uint8Array[]): void {
    this.#revision++;
    this.#told.set(
      bond.link.peer,
      peers.map((peer) => decodeId<PeerId>(peer)),
    );
    this.review();
  }

  /** A member sent what no member may send: the bond is over, and too many of them are a ban. */
  accuse(member: MemberId, reason: string): void {
    this.#byMember.get(member)?.link.close("protocol-violation", reason);
  }

  ended(bond: BondLink, reason: CloseReason): void {
    const { peer } = bond.link;
    const now = this.#now;
    const wasStranger = this.#strangers.delete(bond);
    if (isOffence(reason)) this.#offended(peer, reason, bond.member !== undefined);
    if (this.#forget(bond)) this.#plan.lost(peer, now);
    else if (wasStranger) this.#plan.failed(peer, now);
    this.#dial();
  }

  /** Of strangers only the last straw is worth an alarm: anybody can knock. */
  #offended(peer: PeerId, { name, text }: CloseReason, wasBonded: boolean): void {
    if (wasBonded) this.#alarm(peer, text || name);
    if (this.#plan.offended(peer, this.#now)) this.#alarm(peer, "banned for ten minutes");
  }

  #alarm(peer: PeerId, reason: string): void {
    this.#init.context.log.error("a peer broke the rules", { peer, reason });
    this.#init.listener.alarm(peer, reason);
  }

  get #now(): number {
    return this.#init.context.clock.monotonic();
  }

  #refusal(peer: PeerId, now: number) {
    if (this.#closed) return "left";
    if (this.#plan.isBanned(peer, now)) return "not-found";
    if (!this.#init.admit(peer)) return "not-allowed";
    if (this.#plan.prefersOwn(peer)) return "duplicate";
    return this.#strangers.size >= bondLimits.strangersMax ? "overloaded" : undefined;
  }

  #begin(role: BondRole, link: GroupLink, hello: BondMessage | undefined): BondLink {
    const { context, identity, incarnation, memberKind } = this.#init;
    const session = new BondSession({
      role,
      network: context.network,
      group: identity.id,
      announced: identity.announced,
      key: identity.bondKey,
      local: context.peer,
      remote: link.peer,
      nonce: context.random.bytes(32),
      incarnation,
      memberKind,
    });
    const bond = new BondLink(context, link, session, this, hello);
    if (link.closed) this.#plan.failed(link.peer, this.#now);
    else this.#strangers.add(bond);
    return bond;
  }

  /** Lets go of a bond; whether it was the one of its peer. */
  #forget(bond: BondLink): boolean {
    const { member, link } = bond;
    if (member === undefined || this.#bonds.get(link.peer) !== bond) return false;
    this.#revision++;
    this.#bonds.delete(link.peer);
    this.#byMember.delete(member);
    this.#told.delete(link.peer);
    this.#init.context.log.debug("a bond is lost", { peer: link.peer });
    this.#init.listener.down(member);
    this.#tellBonds();
    return true;
  }

  #tellBonds(): void {
    if (this.#closed) return;
    const message: BondMessage = { kind: "bonds", peers: this.peers.map(encodeId) };
    for (const peer of this.peers) this.#bonds.get(peer)?.link.send(message);
  }

  #dial(): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    const now = this.#now;
    for (const peer of this.#plan.due(now)) void this.#open(peer);
    const { nextMs } = this.#plan;
    if (nextMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#init.context.clock.after(Math.max(1, nextMs - now), () => this.#dial());
  }

  async #open(peer: PeerId): Promise<void> {
    const { context } = this.#init;
    const deadline = new AbortController();
    const timer = context.clock.after(bondLimits.dialTimeoutMs, () => deadline.abort());
    try {
      const link = await context.open(GroupProtocol, peer, { signal: deadline.signal });
      if (this.#closed) return link.close("left");
      if (!this.#plan.isDialling(peer)) return link.close("duplicate");
      this.#begin("dialler", link, undefined);
    } catch (error) {
      context.log.debug("a member could not be reached", { peer, error });
      if (this.#plan.isDialling(peer)) this.#plan.failed(peer, this.#now);
      this.#dial();
    } finally {
      timer.cancel();
    }
  }
}
