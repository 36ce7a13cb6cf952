import type { Core } from "./core.ts";
import { type Entry, entryBytesMax, entryBytesMin } from "./entry.ts";
import { positionMax } from "./limits.ts";
import type { Member } from "./member.ts";
import type { Anchor, Append, Message } from "./messages.ts";

/*
 * What a message must be, whoever sent it, before any of it is acted on (R14, R15).
 */

/** Why a message is not acted on, or nothing where it may be. */
export function refusalOf(core: Core, message: Message): string | undefined {
  if (!isPosition(message.term)) return "a term is out of range";
  const known = core.term > 0 || core.log.lastIndex > 0;
  if (known && message.term - core.term > core.limits.termJumpMax) return "a term too far ahead";
  switch (message.kind) {
    case "append":
      return refusalOfAppend(core, message);
    case "append-reply":
      return arePositions(message.index, message.hintIndex, message.hintTerm);
    case "vote-reply":
      return arePositions(message.ballot);
    case "vote-request":
      return arePositions(message.lastIndex, message.lastTerm);
    case "heartbeat":
      return arePositions(message.commit, message.round);
    case "heartbeat-reply":
      return arePositions(message.round);
    case "snapshot":
      if (hasVotingObserver(message.meta.configuration.members)) return "an observer that votes";
      return arePositions(message.meta.index, message.meta.term, message.meta.configurationIndex);
    case "genesis":
      if (hasVotingObserver(message.founders)) return "an observer that votes";
      return message.founders.length > core.limits.membersMax ? "too many founders" : undefined;
    case "anchor":
      return refusalOfAnchor(core, message);
    case "fetch":
      return arePositions(message.fromIndex, message.toIndex);
    case "fetch-reply":
      return refusalOfEntries(core, message.entries, message.fromIndex - 1);
    default:
      return undefined;
  }
}

function hasVotingObserver(members: readonly Member[]): boolean {
  return members.some(({ kind, voting }) => kind === "observer" && voting);
}

function isPosition(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < positionMax;
}

function arePositions(...values: readonly number[]): string | undefined {
  return values.every(isPosition) ? undefined : "a position is out of range";
}

function refusalOfAnchor({ limits }: Core, { fromIndex, points }: Anchor): string | undefined {
  let from = fromIndex;
  for (const { index, bytes } of points) {
    if (!isPosition(index) || index <= from) return "anchors do not rise";
    const least = (index - from) * entryBytesMin;
    const most = index - from === 1 ? entryBytesMax(limits) : limits.fetchBytesMax;
    if (!isPosition(bytes) || bytes < least || bytes > most) return "a stretch of another size";
    from = index;
  }
  return from - fromIndex > limits.anchorEntriesMax ? "an anchor too far away" : undefined;
}

function refusalOfAppend(core: Core, message: Append): string | undefined {
  const { prevIndex, prevTerm, commit, entries } = message;
  if (!isPosition(prevIndex) || !isPosition(prevTerm) || !isPosition(commit)) {
    return "a position is out of range";
  }
  if (prevTerm > message.term) return "an entry is later than its leader";
  let term = prevTerm;
  for (const entry of entries) {
    if (entry.term < term || entry.term > message.term) return "terms of entries fall";
    term = entry.term;
  }
  return refusalOfEntries(core, entries, prevIndex);
}

function refusalOfEntries(
  core: Core,
  entries: readonly Entry[],
  after: number,
): string | undefined {
  const { limits } = core;
  if (entries.length > Math.max(limits.appendEntriesMax, limits.fetchEntriesMax)) {
    return "too many entries";
  }
  let index = after;
  for (const entry of entries) {
    index++;
    if (entry.index !== index || !isPosition(entry.term)) return "entries are not contiguous";
    if (entry.data.byteLength > limits.commandBytesMax) return "a command is too large";
    if ((entry.kind === "configuration") !== (entry.configuration !== undefined)) {
      return "an entry is not what it says";
    }
    if (entry.configuration && hasVotingObserver(entry.configuration.members)) {
      return "an observer that votes";
    }
  }
  return undefined;
}
