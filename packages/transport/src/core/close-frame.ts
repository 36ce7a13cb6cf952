import { decodeUtf8, encodeUtf8 } from "@mosaik/primitives";
import { type CloseReason, commonReasons, type ReasonTable } from "../close-reason.ts";

/** How long the text of a close reason may be, in bytes of UTF-8. */
export const closeTextBytesMax = 256;

/** The payload of a close frame: two bytes of number, then the text, cut where it is too long. */
export function encodeClose(code: number, text: string): Uint8Array {
  const cut = encodeUtf8(text.slice(0, closeTextBytesMax));
  const bytes = cut.byteLength > closeTextBytesMax ? encodeUtf8(text.slice(0, 64)) : cut;
  const payload = new Uint8Array(2 + bytes.byteLength);
  payload[0] = code >>> 8;
  payload[1] = code;
  payload.set(bytes, 2);
  return payload;
}

/** The reason that a close frame of the other end gives. Total: a bad one is `protocol-violation`. */
export function decodeClose(payload: Uint8Array, reasons: ReasonTable): CloseReason {
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  let text: string;
  try {
    text = decodeUtf8(payload.subarray(2));
  } catch {
    text = "";
  }
  if (payload.byteLength < 2) return closeReason("protocol-violation", reasons, "remote", text);
  return { code, name: reasonName(code, reasons), text, by: "remote" };
}

/** A reason by its name. */
export function closeReason(
  name: string,
  reasons: ReasonTable,
  by: CloseReason["by"],
  text = "",
): CloseReason {
  const common: ReasonTable = commonReasons;
  return { code: reasons[name] ?? common[name] ?? commonReasons.internal, name, text, by };
}

function reasonName(code: number, reasons: ReasonTable): string {
  for (const table of [commonReasons, reasons]) {
    for (const [name, number] of Object.entries(table)) if (number === code) return name;
  }
  return "unknown";
}
