import { defineMessage, MosaikError, type Result } from "@mosaik/primitives";
import * as v from "valibot";
import { TransportError } from "./errors.ts";

/** What somebody needs to join a network. */
export interface Invite {
  /** The network's name. */
  readonly network: string;
  /** Where to begin. At least one. */
  readonly seeds: readonly string[];
  /** The network's secret, where it has one and the invite should carry it. */
  readonly secret?: string | undefined;
  /** The keys by which inspectors prove that they may read and act, where the invite should carry them. */
  readonly readKey?: string | undefined;
  readonly writeKey?: string | undefined;
}

const prefix = "mosaik:";
const keyText = v.pipe(v.string(), v.maxLength(256));

const InviteMessage = defineMessage<Invite>({
  name: "mosaik/invite",
  bytesMax: 4096,
  schema: v.strictObject({
    network: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
    seeds: v.pipe(v.array(v.pipe(v.string(), v.maxLength(512))), v.minLength(1), v.maxLength(16)),
    secret: v.optional(keyText),
    readKey: v.optional(keyText),
    writeKey: v.optional(keyText),
  }),
});

/** Whether a text is meant as an invite. */
export function isInvite(text: string): boolean {
  return text.trimStart().startsWith(prefix);
}

/**
 * An invite as one line of text to paste: `mosaik:` and base64url. Whoever reads it can join, and
 * has the keys that it carries.
 *
 * @throws MosaikError with `MESSAGE_TOO_LARGE`.
 */
export function formatInvite(invite: Invite): string {
  const bytes = InviteMessage.encode(invite);
  const base64 = btoa(String.fromCharCode(...bytes));
  return prefix + base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * The invite of a text.
 *
 * @throws TransportError with `NETWORK_BAD_INVITE`.
 */
export function parseInvite(text: string): Invite {
  const decoded = decode(text.trim());
  if (decoded.ok) return decoded.value;
  const cause = decoded.error;
  throw new TransportError("NETWORK_BAD_INVITE", "this is no invite, or it was cut", { cause });
}

function decode(text: string): Result<Invite, MosaikError> {
  try {
    const base64 = text.slice(prefix.length).replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    if (isInvite(text)) return InviteMessage.decode(bytes);
  } catch {
    // not base64: the same answer as for any other text
  }
  return { ok: false, error: new MosaikError("MESSAGE_MALFORMED", "no invite") };
}
