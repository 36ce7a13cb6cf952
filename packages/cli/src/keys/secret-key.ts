import { decodeHex } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { readText } from "../settings/secrets.ts";

/**
 * The 32 bytes of a node's key in a file, as `keygen` writes them.
 *
 * @throws CliError with `CLI_FILE` or `CLI_USAGE`; the key is in neither.
 */
export function readSecretKey(host: Host, file: string): Uint8Array {
  const key = parseSecretKey(readText(host, file));
  if (key !== undefined) return key;
  throw new CliError("CLI_USAGE", `${file} holds no node's key: 32 bytes in hex or base64`);
}

/** How a node's key is written: as it is, or as other programs of libp2p keep Ed25519 keys. */
export type KeyFormat = "hex" | "base64" | "libp2p";

/** A protobuf of the kind of key and of 64 bytes: the secret key, then the public one. */
const libp2pHead = Buffer.from([0x08, 0x01, 0x12, 0x40]);

/** A node's key as text. */
export function formatSecretKey(key: Uint8Array, format: KeyFormat): string {
  if (format !== "libp2p") return Buffer.from(key).toString(format);
  const peer = decodeHex(ed25519.identity(key).peer);
  return Buffer.concat([libp2pHead, key, peer]).toString("base64");
}

/** The 32 bytes of a node's key, if a text is one, in whichever format. */
export function parseSecretKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  const isHex = /^[0-9a-f]{64}$/.test(trimmed);
  const bytes = Buffer.from(trimmed, isHex ? "hex" : "base64");
  if (bytes.byteLength === 32) return new Uint8Array(bytes);
  const isLibp2p = bytes.byteLength === 68 && bytes.subarray(0, 4).equals(libp2pHead);
  return isLibp2p ? new Uint8Array(bytes.subarray(4, 36)) : undefined;
}
