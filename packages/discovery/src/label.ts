import { encodeUtf8 } from "@mosaik/primitives";
import { entryLimits } from "./config.ts";

/**
 * Whether a text can be a tag or a kind of offer: at most 128 bytes of letters, digits, punctuation,
 * symbols and inner spaces in Unicode normal form C. Control and formatting characters are none of
 * these, so a label cannot disguise itself on a terminal or a page.
 */
export function isLabel(text: string): boolean {
  return (
    text.length <= entryLimits.labelBytesMax &&
    /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(text) &&
    text.trim() === text &&
    text.normalize("NFC") === text &&
    encodeUtf8(text).byteLength <= entryLimits.labelBytesMax
  );
}

/** Whether a text can be an address: a multiaddr, printable ASCII without spaces. */
export function isAddress(text: string): boolean {
  return text.length <= entryLimits.addressBytesMax && /^\/[\x21-\x7e]+$/.test(text);
}

/** Whether a text can be a ticket: printable ASCII without spaces, such as a JWT. */
export function isTicket(text: string): boolean {
  return text.length <= entryLimits.ticketBytesMax && /^[\x21-\x7e]+$/.test(text);
}

/** Whether each text comes before the next by its UTF-16 units: one order, and none twice. */
export function isAscending(texts: readonly string[]): boolean {
  return texts.every((text, index) => index === 0 || (texts[index - 1] ?? "") < text);
}
