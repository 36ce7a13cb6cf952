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

/** The 32 bytes of a node's key, if a text is one. */
export function parseSecretKey(text: string): Uint8Array | undefined {
  const trimmed = text.trim();
  const isHex = /^[0-9a-f]{64}$/.test(trimmed);
  const bytes = Buffer.from(trimmed, isHex ? "hex" : "base64");
  return bytes.byteLength === 32 ? new Uint8Array(bytes) : undefined;
}
