import type { Cause } from "./cause.ts";
import { addressesOf, clockAheadMs, failedDial, type Side } from "./side.ts";

/** Clocks that differ by more than this make entries look as if they came from the future. */
const driftMs = 10_000;

/** Why one could not find or reach the other. */
export function reachCauses(from: Side, to: Side): Cause[] {
  const found = [clock(from, to), unreachable(from, to), noAddress(from, to), unknown(from, to)];
  return found.filter((cause) => cause !== undefined);
}

function clock(from: Side, to: Side): Cause | undefined {
  const [ours, theirs] = [clockAheadMs(from), clockAheadMs(to)];
  const apart = ours === undefined || theirs === undefined ? 0 : theirs - ours;
  const { DISCOVERY_ENTRY_FUTURE: future = 0, DISCOVERY_ENTRY_EXPIRED: expired = 0 } =
    from.catalog?.refused ?? {};
  if (Math.abs(apart) > driftMs) {
    const seconds = Math.round(Math.abs(apart) / 1_000);
    return {
      kind: "clock",
      certainty: knows(from, to) && knows(to, from) ? "likely" : "certain",
      text: `their clocks are ${seconds} s apart, so entries of one look too new or too old to the other`,
      remedy: "set the clocks (NTP)",
    };
  }
  if (future + expired === 0 || from.catalog?.peers[to.peer] !== undefined) return undefined;
  return {
    kind: "clock",
    certainty: "likely",
    text: `one refused ${future + expired} entries for their time: some clock is off`,
    remedy: "set the clocks (NTP)",
  };
}

/** Whether nothing is known to the contrary. */
function knows(side: Side, other: Side): boolean {
  return side.catalog === undefined || side.catalog.peers[other.peer] !== undefined;
}

function unreachable(from: Side, to: Side): Cause | undefined {
  const dial = failedDial(from, to);
  if (dial === undefined || admissionCodes.includes(dial.code ?? "")) return undefined;
  const tried = (dial.tried ?? []).map(({ address, reason }) => `${address}: ${reason}`).join("; ");
  return {
    kind: "unreachable",
    certainty: "certain",
    text: `a dial failed: ${tried || (dial.reason ?? "nobody says why")}`,
    remedy: "see that the node runs, that its address is right and that no firewall is in between",
  };
}

const admissionCodes: readonly string[] = [
  "NETWORK_DIFFERENT",
  "NETWORK_WRONG_SECRET",
  "NETWORK_INCOMPATIBLE",
  "NETWORK_NO_CAPACITY",
];

function noAddress(from: Side, to: Side): Cause | undefined {
  const isKnown = (side: Side, by: Side): boolean =>
    side.node !== undefined || by.catalog?.peers[side.peer] !== undefined;
  if (!isKnown(from, to) || !isKnown(to, from)) return undefined;
  if (addressesOf(from, to).length > 0 || addressesOf(to, from).length > 0) return undefined;
  return {
    kind: "no-address",
    certainty: "certain",
    text: "neither listens anywhere, so neither can dial the other",
    remedy: "let one listen, or a relay help",
  };
}

function unknown(from: Side, to: Side): Cause | undefined {
  if (from.catalog === undefined || from.catalog.peers[to.peer] !== undefined) return undefined;
  const seeds = from.node?.seeds ?? [];
  const lonely = from.catalog.size === 0 && Object.keys(from.catalog.refused).length === 0;
  return {
    kind: "unknown-peer",
    certainty: lonely ? "certain" : "likely",
    text: lonely
      ? "one has heard of nobody at all"
      : "one has not heard of the other: its entry has not come, or was refused",
    remedy:
      lonely && seeds.length === 0
        ? "give it a seed: an address or an invite of a node that runs"
        : "see that a chain of connected nodes leads from one to the other",
  };
}
