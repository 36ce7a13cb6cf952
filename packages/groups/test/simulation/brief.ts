import type { Entry } from "../../src/raft/entry.ts";
import type { Message } from "../../src/raft/messages.ts";

/** A message in one line, to be read. */
export function brief(message: Message): string {
  const { term } = message;
  switch (message.kind) {
    case "vote-request":
      return `${message.pre ? "pre-" : ""}vote-request for term ${term}, log ends ${message.lastIndex}/${message.lastTerm}${message.forced ? ", forced" : ""}`;
    case "vote-reply":
      return `${message.pre ? "pre-" : ""}vote-reply of term ${term}: ${message.granted ? "granted" : "denied"}`;
    case "append":
      return `append of term ${term} after ${message.prevIndex}/${message.prevTerm}: ${message.entries.map(position).join(" ") || "nothing"}, commit ${message.commit}${message.answered ? "" : ", not to be answered"}`;
    case "append-reply":
      return message.accepted
        ? `append-reply of term ${term}: has ${message.index}`
        : `append-reply of term ${term}: refuses ${message.index}, try ${message.hintIndex}/${message.hintTerm}`;
    case "snapshot":
      return `snapshot of term ${term} up to ${message.meta.index}/${message.meta.term}`;
    default: {
      const { kind, instance: _, term: __, ...rest } = message;
      return `${kind} of term ${term} ${JSON.stringify(rest)}`;
    }
  }
}

function position({ index, term, kind, configuration }: Entry): string {
  const members = configuration?.members.map(({ id, voting }) => (voting ? id : `(${id})`));
  return `${index}/${term}${kind === "noop" ? " no-op" : ""}${members ? ` [${members}]` : ""}`;
}
