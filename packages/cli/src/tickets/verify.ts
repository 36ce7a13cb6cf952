import { isInvite, parseInvite } from "@mosaik/transport";
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
} from "jose";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { type Facts, Printer } from "../output/printer.ts";
import { factLines } from "../output/table.ts";
import type { PrintOptions } from "../settings/common-options.ts";
import { timeoutDefaultMs } from "../settings/quantities.ts";
import { readInput } from "../settings/secrets.ts";
import { algorithm, issuerKey } from "./keys.ts";

/** What a ticket must stand up to. */
export type VerifyOptions = PrintOptions & {
  readonly key?: string | undefined;
  readonly jwks?: string | undefined;
  readonly peer?: string | undefined;
  readonly class?: string | undefined;
  readonly timeout?: number | undefined;
};

/**
 * Checks a ticket and prints what it says.
 *
 * @throws CliError with `CLI_BAD_TICKET`.
 */
export async function verifyTicket(
  host: Host,
  given: string,
  options: VerifyOptions,
): Promise<void> {
  const token = await tokenOf(host, given);
  const claims = await checked(host, token, options);
  const { peer, class: wanted } = options;
  const { class: named } = claims as { readonly class?: unknown };
  if (peer !== undefined && claims.sub !== undefined && claims.sub !== peer) {
    throw bad("it is for another peer");
  }
  if (wanted !== undefined && named !== wanted) throw bad(`it is not for '${wanted}'`);
  print(host, options, { valid: true, claims });
}

/** Prints what a ticket or an invite says, unchecked; secrets of an invite are not shown. */
export async function inspectTicket(
  host: Host,
  given: string,
  options: PrintOptions,
): Promise<void> {
  const token = await tokenOf(host, given);
  if (isInvite(token)) {
    const { network, seeds, secret, readKey, writeKey } = parseInvite(token);
    const carries = Object.entries({ secret, readKey, writeKey })
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name);
    return print(host, options, { kind: "invite", network, seeds, carries });
  }
  try {
    const facts = { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
    print(host, options, { kind: "ticket", ...facts });
  } catch (cause) {
    throw new CliError("CLI_BAD_TICKET", "this is neither a ticket nor an invite", { cause });
  }
}

async function checked(
  host: Host,
  token: string,
  { key, jwks, timeout = timeoutDefaultMs }: VerifyOptions,
): Promise<JWTPayload> {
  if ((key === undefined) === (jwks === undefined)) {
    throw new CliError("CLI_USAGE", "by whose key? give --key or --jwks, not both");
  }
  const rules = { algorithms: [algorithm], requiredClaims: ["exp", "class"] };
  try {
    if (key !== undefined)
      return (await jwtVerify(token, await issuerKey(host, key), rules)).payload;
    const url = URL.parse(jwks ?? "");
    if (url === null) throw new CliError("CLI_USAGE", `'${jwks}' is no URL`);
    const keys = createRemoteJWKSet(url, { timeoutDuration: timeout });
    return (await jwtVerify(token, keys, rules)).payload;
  } catch (cause) {
    if (cause instanceof errors.JWKSTimeout) {
      const message = `the JWK set was not there after ${timeout / 1_000} s`;
      throw new CliError("CLI_TIMEOUT", message, { cause });
    }
    if (jwks !== undefined && cause instanceof TypeError) {
      throw new CliError("CLI_UNREACHABLE", `nothing answers at ${jwks}`, { cause });
    }
    if (!(cause instanceof errors.JOSEError)) throw cause;
    throw bad(reasonOf(cause), cause);
  }
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return "it has expired";
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return "the signature is not by that key";
  return error.message;
}

function bad(reason: string, cause?: unknown): CliError {
  return new CliError("CLI_BAD_TICKET", reason, { cause });
}

async function tokenOf(host: Host, given: string): Promise<string> {
  return given === "-" ? (await readInput(host)).trim() : given;
}

function print(host: Host, options: PrintOptions, facts: Facts): void {
  new Printer(host, options).one(facts, () => {
    const flat = Object.entries(facts).flatMap(([name, value]) => linesOf(name, value));
    return factLines(flat);
  });
}

function linesOf(name: string, value: unknown): (readonly [string, string])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [[name, textOf(name, value)]];
  }
  return Object.entries(value).map(([key, inner]) => [key, textOf(key, inner)]);
}

function textOf(name: string, value: unknown): string {
  if (/^(exp|iat|nbf)$/.test(name)) return new Date(Number(value) * 1_000).toISOString();
  return typeof value === "string" ? value : JSON.stringify(value);
}
