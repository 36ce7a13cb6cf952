import { type Infer, validate } from "@mosaik/primitives";
import { applyDelta, type Plain, type Section } from "@mosaik/transport";
import type { Access, Entry, Fact } from "./fact.ts";

/** A section as it came, and as it was a while before, for rates. */
export interface Held {
  readonly at: number;
  readonly value: Plain;
  readonly before: { readonly at: number; readonly value: Plain } | undefined;
}

/** All that is known of a peer. */
export interface Peer {
  readonly id: string;
  readonly entry: Entry | undefined;
  readonly access: Access | undefined;
  readonly sections: ReadonlyMap<string, Held>;
  /** When something of it was last learned: an entry, a section. */
  readonly heardAt: number;
}

/** A peer that has left. */
export interface Departed {
  readonly peer: Peer;
  readonly at: number;
  readonly reason: string;
}

/** The network as the inspector knew it at a moment. Immutable, sharing what did not change. */
export interface Snapshot {
  /** The last fact's time; 0 where there is none. */
  readonly at: number;
  readonly network: string;
  readonly me: string;
  /** Connections of the inspector itself. */
  readonly connections: number;
  readonly peers: ReadonlyMap<string, Peer>;
  /** The newest last; at most {@link departedMax}. */
  readonly departed: readonly Departed[];
}

/** Peers that have left and are remembered. */
export const departedMax = 64;
/** Rates are over at least this long, ms: shorter, and they jump with the reports' own rhythm. */
export const rateMs = 2_000;

/** Nothing is known yet. */
export const nothing: Snapshot = {
  at: 0,
  network: "",
  me: "",
  connections: 0,
  peers: new Map(),
  departed: [],
};

/** What a snapshot becomes by facts, in their order. */
export function learn(snapshot: Snapshot, facts: readonly Fact[]): Snapshot {
  if (facts.length === 0) return snapshot;
  const draft = { ...snapshot, peers: new Map(snapshot.peers) };
  for (const fact of facts) {
    draft.at = Math.max(draft.at, fact.at);
    take(draft, fact);
  }
  return draft;
}

type Draft = { -readonly [K in keyof Snapshot]: Snapshot[K] } & { peers: Map<string, Peer> };

function take(draft: Draft, fact: Fact): void {
  switch (fact.kind) {
    case "began":
      draft.network = fact.network;
      draft.me = fact.me;
      return;
    case "reach":
      draft.connections = fact.connections;
      return;
    case "left":
      return leave(draft, fact);
    case "entry":
      return change(draft, fact.peer, { entry: fact.entry, heardAt: fact.at });
    case "access":
      return change(draft, fact.peer, { access: fact.access });
    case "section":
      return hold(draft, fact);
    case "event":
      return; // events have a list of their own
  }
}

function change(draft: Draft, id: string, to: Partial<Peer>): void {
  const known = draft.peers.get(id);
  const { heardAt = draft.at, ...rest } = to;
  const fresh = { id, entry: undefined, access: undefined, sections: new Map(), heardAt };
  draft.peers.set(id, { ...(known ?? fresh), ...rest, heardAt });
}

function leave(draft: Draft, { peer: id, at, reason }: Fact & { kind: "left" }): void {
  const peer = draft.peers.get(id);
  if (peer === undefined) return;
  draft.peers.delete(id);
  draft.departed = [...draft.departed, { peer, at, reason }].slice(-departedMax);
}

function hold(draft: Draft, { peer: id, name, delta, at }: Fact & { kind: "section" }): void {
  const known = draft.peers.get(id);
  const held = known?.sections.get(name);
  const applied = applyDelta(held?.value, delta);
  if (applied === undefined) return; // a recording that was cut
  const { before } = held ?? {};
  const isOld = held !== undefined && (before === undefined || at - before.at >= 2 * rateMs);
  const next = { at, value: applied.value, before: isOld ? held : before };
  const thin = next.before && { at: next.before.at, value: next.before.value };
  const sections = new Map(known?.sections).set(name, { ...next, before: thin });
  change(draft, id, { sections, heardAt: at });
}

/** What was checked already. A value that does not fit its section is as good as absent. */
const checked = new WeakMap<object, { readonly fits: unknown }>();

/** A section of a peer, where it is there and looks as it should. */
export function sectionOf<Value, Query>(
  peer: Peer | undefined,
  section: Section<Value, Query>,
): Value | undefined {
  return checkedValue(peer?.sections.get(section.name)?.value, section);
}

/** The same section as it was {@link rateMs} or more before, and how long before, ms. */
export function earlierOf<Value, Query>(
  peer: Peer,
  section: Section<Value, Query>,
): { readonly value: Value; readonly elapsedMs: number } | undefined {
  const held = peer.sections.get(section.name);
  if (held?.before === undefined) return undefined;
  const value = checkedValue(held.before.value, section);
  const elapsedMs = held.at - held.before.at;
  return value === undefined || elapsedMs <= 0 ? undefined : { value, elapsedMs };
}

function checkedValue<Value, Query>(
  value: Plain,
  section: Section<Value, Query>,
): Value | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const known = checked.get(value);
  if (known !== undefined) return known.fits as Infer<typeof section.value>; // of this very section
  const result = validate(section.value, value);
  const fits = result.ok ? result.value : undefined;
  checked.set(value, { fits });
  return fits;
}
