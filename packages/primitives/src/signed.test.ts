import { ed25519 } from "@mosaik/primitives/system";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { concatBytes, encodeUtf8 } from "./bytes.ts";
import { encodeId } from "./ids.ts";
import { defineMessage } from "./message.ts";
import { openSigned, signMessage } from "./signed.ts";

const schema = v.strictObject({ at: v.number() });
const Ping = defineMessage({ name: "ping", bytesMax: 64, schema });
const Pong = defineMessage({ name: "pong", bytesMax: 64, schema });
const identity = ed25519.identity(new Uint8Array(32).fill(7));
const other = ed25519.identity(new Uint8Array(32).fill(8));
const signed = signMessage(Ping, { at: 1 }, identity);
const codeOf = (bytes: Uint8Array, message = Ping): string => {
  const opened = openSigned(message, bytes, ed25519);
  return opened.ok ? "ok" : opened.error.code;
};

describe("signed messages", () => {
  it("open to the value, its signer and the bytes that were signed", () => {
    expect(openSigned(Ping, signed.bytes, ed25519)).toEqual({ ok: true, value: signed });
    expect(signed).toMatchObject({ value: { at: 1 }, signer: identity.peer });
  });

  it("are refused with any bit changed", () => {
    for (let bit = 0; bit < signed.bytes.byteLength * 8; bit++) {
      const bytes = Uint8Array.from(signed.bytes);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(codeOf(bytes)).toBe("SIGNATURE_INVALID");
    }
  });

  it("are refused cut off at any length, and with bytes after their end", () => {
    for (let end = 0; end < signed.bytes.byteLength; end++) {
      const code = codeOf(signed.bytes.subarray(0, end));
      expect(code).toBe(end < 96 ? "MESSAGE_MALFORMED" : "SIGNATURE_INVALID");
    }
    expect(codeOf(concatBytes(signed.bytes, Uint8Array.of(0)))).toBe("SIGNATURE_INVALID");
    expect(codeOf(concatBytes(signed.bytes, new Uint8Array(96)))).toBe("MESSAGE_TOO_LARGE");
  });

  it("are worthless under another name or another signer", () => {
    expect(codeOf(signed.bytes, Pong)).toBe("SIGNATURE_INVALID");
    const stolen = concatBytes(encodeId(other.peer), signed.bytes.subarray(32));
    expect(codeOf(stolen)).toBe("SIGNATURE_INVALID");
  });

  it("are worthless under a name that runs into the payload", () => {
    const short = defineMessage({ name: "pin", bytesMax: 64, schema: v.any() });
    const payload = concatBytes(encodeUtf8("g"), Ping.encode({ at: 1 }));
    const head = signed.bytes.subarray(0, 96);
    expect(codeOf(concatBytes(head, payload), short)).toBe("SIGNATURE_INVALID");
  });

  it("say why where the signature is right and the message is not", () => {
    const Wide = defineMessage({ name: "ping", bytesMax: 64, schema: v.any() });
    expect(codeOf(signMessage(Wide, { from: 1 }, identity).bytes)).toBe("MESSAGE_MISMATCH");
  });
});
