import type { Message } from "../../src/raft/messages.ts";

/** A message that was sent, by whom, to whom. It may arrive any number of times, and never is gone. */
export interface Letter {
  readonly from: number;
  readonly to: number;
  readonly message: Message;
  /** What a snapshot's bytes stand for: the entries it covers, as applied. */
  readonly state: readonly string[] | undefined;
}

/** What may happen to a member. */
export type Action =
  | { readonly verb: "deliver"; readonly letter: Letter }
  /** Its patience ends: it stands, or resigns. */
  | { readonly verb: "wait" }
  /** It takes its leader for gone, and does not stand yet. */
  | { readonly verb: "doubt" }
  | { readonly verb: "beat" }
  /** A leader beats after so long a silence that whoever has not answered may be demoted. */
  | { readonly verb: "silence" }
  | { readonly verb: "write" }
  /** `floor`: the highest position acknowledged by anybody when the read begins. */
  | { readonly verb: "read"; readonly floor: number }
  | { readonly verb: "snapshot" }
  | { readonly verb: "remove"; readonly member: number }
  | { readonly verb: "transfer"; readonly member: number }
  | { readonly verb: "fsync" }
  /**
   * What was not durable is lost but for so many steps of writing it: hard state first, then entries. It
   * starts again at once: to be down for a while is to hear nothing for a while.
   */
  | { readonly verb: "crash"; readonly steps: number }
  /** So much of the budgets is used, by all together. */
  | { readonly verb: "hear"; readonly used: number }
  /** No vote in its term matters any more: see `NormalForm`. */
  | { readonly verb: "settle" };

/** Whether a message asks for a vote in a term, or answers in it. */
export function isOfElection({ kind, term }: Message, inTerm: number): boolean {
  return term === inTerm && (kind === "vote-request" || kind === "vote-reply");
}

/** An action as words. */
export function describeAction(action: Action): string {
  if (action.verb === "deliver") return describeLetter(action.letter);
  const { verb, ...rest } = action;
  return [verb, ...Object.entries(rest).map(([name, value]) => `${name} ${value}`)].join(" ");
}

function describeLetter({ from, to, message }: Letter): string {
  const { kind, instance: _, ...rest } = message;
  const facts = JSON.stringify(rest, (key, value) => {
    if (key === "entries")
      return value.map(
        (one: { index: number; term: number; kind: string }) =>
          `${one.index}@${one.term} ${one.kind}`,
      );
    return key === "configuration" ? undefined : value;
  });
  return `${from} -> ${to} ${kind} ${facts.replaceAll('"', "")}`;
}
