import type { Entry } from "../../src/raft/entry.ts";
import type { Message } from "../../src/raft/messages.ts";

/** What a provider that lies makes of its answer to a fetch: the right terms, and other commands. */
export function forged(message: Message): Message {
  if (message.kind !== "fetch-reply") return message;
  return { ...message, entries: message.entries.map(altered) };
}

function altered(entry: Entry): Entry {
  if (entry.data.byteLength === 0) return entry;
  const data = entry.data.slice();
  data[0] = (data[0] ?? 0) ^ 1;
  return { ...entry, data };
}
