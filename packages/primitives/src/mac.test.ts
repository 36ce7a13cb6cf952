import { describe, expect, it } from "vitest";
import { encodeHex, encodeUtf8 } from "./bytes.ts";
import { authenticate, deriveKey } from "./mac.ts";

describe("deriveKey", () => {
  it("is HKDF-SHA256 without a salt (RFC 5869, test case 3)", () => {
    const key = deriveKey(new Uint8Array(22).fill(0x0b), "");
    expect(encodeHex(key)).toBe("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
  });

  it("makes unrelated keys for different purposes", () => {
    const secret = encodeUtf8("sixteen bytes or more");
    expect(deriveKey(secret, "a")).not.toEqual(deriveKey(secret, "b"));
  });
});

describe("authenticate", () => {
  it("is HMAC-SHA256 (RFC 4231, test case 2), of the parts run together", () => {
    const mac = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const key = encodeUtf8("Jefe");
    expect(encodeHex(authenticate(key, encodeUtf8("what do ya want for nothing?")))).toBe(mac);
    const parts = ["what do ya ", "want for nothing?"].map(encodeUtf8);
    expect(encodeHex(authenticate(key, ...parts))).toBe(mac);
  });
});
