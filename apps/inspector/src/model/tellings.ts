import type { Happened } from "./fact.ts";
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

/** The newest events, newest first; what many nodes tell of one thing is one. */
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
    const key = `${event.name} ${subject} ${event.name.startsWith("peer.") || event.name === "group.leader-changed" ? String(event.facts["leader"] ?? "") : `${event.peer} ${event.sequence}`}`;
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
  return found;
}

/** Whether an event is no more than that this page looks: a connection of its own. */
export function isOwn({ name, peer, facts }: Happened, me: string): boolean {
  return name.startsWith("connection.") && (peer === me || facts["peer"] === me);
}

function subjectOf({ name, peer, facts }: Happened): string {
  const about = name.startsWith("peer.") ? facts["peer"] : undefined;
  return typeof about === "string" ? about : peer;
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
  "group.leader-changed": "sees a new leader",
  "group.leader-lost": "sees no leader",
  "group.role-changed": "has another part in its group",
  "group.members-changed": "sees other members",
  "group.alarm": "raises an alarm",
  "connection.opened": "has a new connection",
  "connection.closed": "lost a connection",
  "connection.refused": "refused a connection",
};

/** An event as a phrase, its facts after it; every id that is a peer's has its name. */
export function inWords({ event, subject }: Telling, snapshot: Snapshot): string {
  // Who is at the other end says more than at which of its ports.
  const isKnown = typeof event.facts["peer"] === "string";
  const facts = Object.entries(event.facts).filter(
    ([name, value]) => value !== subject && !(isKnown && name === "address"),
  );
  const said = facts.map(([name, value]) => `${legible(name, 24)} ${factOf(value, snapshot)}`);
  const phrase = phrases[event.name] ?? legible(event.name, 60);
  return said.length === 0 ? phrase : `${phrase}: ${said.join(", ")}`;
}

function factOf(value: string | number | boolean, snapshot: Snapshot): string {
  if (typeof value !== "string") return String(value);
  const [peer = ""] = value.split("#");
  if (!/^[0-9a-f]{64}$/.test(peer)) return legible(value, 60);
  return nameIn(snapshot, peer);
}
