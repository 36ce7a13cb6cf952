import type { Happened } from "./fact.ts";
import type { Group } from "./groups.ts";
import { nameIn } from "./identity.ts";
import { legible } from "./legible.ts";
import type { Snapshot } from "./snapshot.ts";

/** An event, and how many nodes tell of it. */
export interface Telling {
  /** As it was told first. */
  readonly event: Happened;
  /** Whom it is about: the peer that left, or the one that tells. */
  readonly subject: string;
  readonly tellers: number;
  readonly tone: "plain" | "good" | "bad";
}

/** Tellings of the same within this time are one, ms. */
const togetherMs = 10_000;

/** The newest events, newest first; what many nodes tell of one thing is one, as of the first of them. */
export function tellingsOf(
  events: readonly Happened[],
  max: number,
  matches: (event: Happened) => boolean = () => true,
): Telling[] {
  const found: (Telling & { tellers: number; event: Happened })[] = [];
  const open = new Map<string, (typeof found)[number]>();
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at];
    if (event === undefined || !matches(event)) continue;
    const subject = subjectOf(event);
    const key = keyOf(event, subject);
    const known = open.get(key);
    if (known !== undefined && known.event.at - event.at < togetherMs) {
      known.tellers += 1;
      known.event = event;
      continue;
    }
    if (found.length >= max) break;
    const telling = { event, subject, tellers: 1, tone: toneOf(event.name) };
    found.push(telling);
    open.set(key, telling);
  }
  return found.sort((a, b) => b.event.at - a.event.at);
}

/** Whether an event is no more than that this page is there: its connections, whom it found. */
export function isOwn({ name, peer, facts }: Happened, me: string): boolean {
  if (name === "peer.discovered") return peer === me;
  return name.startsWith("connection.") && (peer === me || facts["peer"] === me);
}

/** Whom an event is about: who left or leads now, whoever tells of it. */
function subjectOf({ name, peer, facts }: Happened): string {
  const { peer: about, leader } = facts;
  if (name.startsWith("peer.") && typeof about === "string") return about;
  if (name !== "group.leader-changed" || typeof leader !== "string") return peer;
  return leader.split("#")[0] ?? peer;
}

/** Events of one key that come soon after each other tell of one thing. */
function keyOf({ name, peer, sequence, facts }: Happened, subject: string): string {
  if (name.startsWith("peer.")) return `${name} ${subject}`;
  if (/^group\.(leader|members)-/.test(name)) return `${name} ${Object.values(facts).join()}`;
  return `${peer} ${sequence}`;
}

function toneOf(name: string): Telling["tone"] {
  if (/departed|refused|lost|halted|conflict|alarm|offline|failed/.test(name)) return "bad";
  return /discovered|subscribed|online|leader/.test(name) ? "good" : "plain";
}

const phrases: Readonly<Record<string, string>> = {
  "peer.discovered": "joined the network",
  "peer.updated": "changed what it says of itself",
  "peer.departed": "left the network",
  "stream.subscribed": "has a new consumer",
  "stream.unsubscribed": "lost a consumer",
  "stream.refused": "refused a consumer",
  "stream.connected": "receives from a producer",
  "stream.disconnected": "lost a producer",
  "group.leader-changed": "leads",
  "group.leader-lost": "sees no leader",
  "group.role-changed": "has another part in its group",
  "group.members-changed": "sees other members",
  "group.alarm": "raises an alarm",
  "connection.opened": "has a new connection",
  "connection.closed": "lost a connection",
  "connection.refused": "refused a connection",
};

/** An event as a phrase, its facts after it; every id that is a peer's or a group's has its name. */
export function inWords(
  { event, subject }: Telling,
  snapshot: Snapshot,
  groups: readonly Group[],
): string {
  // Who is at the other end says more than at which of its ports.
  const isKnown = typeof event.facts["peer"] === "string";
  const facts = Object.entries(event.facts).filter(
    ([name, value]) =>
      value !== subject &&
      !(isKnown && name === "address") &&
      !(event.name === "group.leader-changed" && name === "leader"),
  );
  const said = facts.map(
    ([name, value]) => `${legible(name, 24)} ${factOf(value, snapshot, groups)}`,
  );
  const phrase = phrases[event.name] ?? legible(event.name, 60);
  return said.length === 0 ? phrase : `${phrase}: ${said.join(", ")}`;
}

function factOf(
  value: string | number | boolean,
  snapshot: Snapshot,
  groups: readonly Group[],
): string {
  if (typeof value !== "string") return String(value);
  const group = groups.find(({ id }) => id === value);
  if (group !== undefined) return legible(group.name, 40);
  const [peer = ""] = value.split("#");
  if (!/^[0-9a-f]{64}$/.test(peer)) return legible(value, 60);
  return nameIn(snapshot, peer);
}
