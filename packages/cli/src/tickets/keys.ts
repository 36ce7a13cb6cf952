import { decodeHex, isId } from "@mosaik/primitives";
import { ed25519 } from "@mosaik/primitives/system";
import { type CryptoKey, importJWK, type JWK } from "jose";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { parseSecretKey } from "../keys/secret-key.ts";
import { readInput, readText } from "../settings/secrets.ts";

/** Tickets are signed by Ed25519, with the same kind of key that peers have. */
export const algorithm = "EdDSA";

/** Who signs tickets. */
export interface Issuer {
  readonly peer: string;
  readonly key: CryptoKey;
}

/** The issuer whose key is in a file, or comes in. */
export async function issuerOf(host: Host, file: string): Promise<Issuer> {
  const bytes = parseSecretKey(file === "-" ? await readInput(host) : readText(host, file));
  if (bytes === undefined) throw new CliError("CLI_USAGE", `${file} holds no key of a node`);
  const { peer } = ed25519.identity(bytes);
  return { peer, key: await imported({ ...publicJwk(peer), d: base64url(bytes) }) };
}

/** The key that an issuer's tickets are checked with: of its peer id, or of a file that holds that. */
export async function issuerKey(host: Host, named: string): Promise<CryptoKey> {
  const peer = isId(named) ? named : readText(host, named).trim();
  if (isId(peer)) return imported(publicJwk(peer));
  throw new CliError("CLI_USAGE", `'${named}' is no peer id, and holds none`);
}

function publicJwk(peer: string): JWK {
  return { kty: "OKP", crv: "Ed25519", alg: algorithm, x: base64url(decodeHex(peer)) };
}

async function imported(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, algorithm);
  if (key instanceof Uint8Array) throw new CliError("CLI_USAGE", "this is no key of a node");
  return key;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64url");
}
