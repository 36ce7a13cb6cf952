import type { DialAttempt } from "@mosaik/transport";

/** What it takes to see a network, in order. */
export const stepNames = [
  "Read the invite",
  "Start a node in this page",
  "Reach a node of the network",
  "Be admitted",
  "Receive the catalog",
  "Look inside",
] as const;

/** Where joining stands: the number of the step, and why it does not go on, where it does not. */
export interface Progress {
  readonly step: number;
  /** In words, with what can be done about it. */
  readonly trouble: string | undefined;
  /** Whether it is tried again by itself. */
  readonly final: boolean;
}

/** What a failed attempt to connect means: at which step, and in words. */
export function troubleOf({ code, reason = "", tried = [] }: DialAttempt): Progress {
  const at = (step: number, trouble: string): Progress => ({ step, trouble, final: false });
  switch (code) {
    case "NETWORK_DIFFERENT":
      return at(3, "What answers belongs to another network. Ask for a newer invite.");
    case "NETWORK_WRONG_SECRET":
      return at(3, "The network has a secret, and the invite does not carry the right one.");
    case "NETWORK_INCOMPATIBLE":
      return at(3, "The node speaks another version of the protocol.");
    case "NETWORK_HANDSHAKE_TIMEOUT":
      return at(3, "A node answers, and does not complete the handshake in time.");
    case "NETWORK_NO_CAPACITY":
      return at(3, "The node has no room for another connection now.");
    default:
      return at(2, reachTrouble(reason, tried));
  }
}

function reachTrouble(reason: string, tried: DialAttempt["tried"] & object): string {
  const [first] = tried;
  if (first === undefined) return `No address of the invite answers: ${reason}`;
  if (tried.every((each) => each.reason === "a browser dials WebSockets and webrtc-direct only")) {
    return "The invite has no ws:// address, and a page can dial no other. Have a node listen on ws://.";
  }
  return `No address answers. ${first.address}: ${first.reason}`;
}

/** What a page of https cannot do. */
export const mixedContent =
  "This page came over https, and the invite has only ws:// addresses of other machines, which browsers refuse. Open the page over http on this machine, or have a node announce wss://.";
