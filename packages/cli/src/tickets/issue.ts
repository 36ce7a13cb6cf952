import { randomUUID } from "node:crypto";
import { isId } from "@mosaik/primitives";
import { SignJWT } from "jose";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { Printer } from "../output/printer.ts";
import type { PrintOptions } from "../settings/common-options.ts";
import { needed } from "../settings/needed.ts";
import { algorithm, issuerOf } from "./keys.ts";

/** What `ticket issue` is told. */
export type IssueOptions = PrintOptions & {
  readonly issuerKey?: string | undefined;
  readonly sub?: string | undefined;
  readonly any?: true | undefined;
  readonly class?: string | undefined;
  readonly ttl?: number | undefined;
  readonly claims?: string | undefined;
};

const ttlDefaultMs = 3_600_000;
const reserved = ["iss", "sub", "iat", "exp", "jti", "class"];

/** Issues a ticket and prints it. */
export async function issueTicket(host: Host, options: IssueOptions): Promise<void> {
  const { sub, any, ttl = ttlDefaultMs } = options;
  if ((sub === undefined) === (any === undefined)) {
    throw new CliError("CLI_USAGE", "for whom? give --sub PEER or --any, not both");
  }
  if (sub !== undefined && !isId(sub)) throw new CliError("CLI_USAGE", `'${sub}' is no peer id`);
  const wanted = needed(options.class, "--class");
  const issuer = await issuerOf(host, needed(options.issuerKey, "--issuer-key"));
  const now = Math.floor(Date.now() / 1_000);
  const token = new SignJWT({ ...claimsOf(options.claims), class: wanted })
    .setProtectedHeader({ alg: algorithm, typ: "JWT", kid: issuer.peer })
    .setIssuer(issuer.peer)
    .setIssuedAt(now)
    .setExpirationTime(now + Math.ceil(ttl / 1_000))
    .setJti(randomUUID());
  if (sub !== undefined) token.setSubject(sub);
  const ticket = await token.sign(issuer.key);
  const facts = { ticket, issuer: issuer.peer, expiresAt: (now + Math.ceil(ttl / 1_000)) * 1_000 };
  new Printer(host, options, "value").whole(facts, ticket);
}

function claimsOf(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  let claims: unknown;
  try {
    claims = JSON.parse(text);
  } catch (cause) {
    throw new CliError("CLI_USAGE", "the claims are not JSON", { cause });
  }
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) {
    throw new CliError("CLI_USAGE", "the claims are no JSON object");
  }
  const taken = Object.keys(claims).find((name) => reserved.includes(name));
  if (taken !== undefined) throw new CliError("CLI_USAGE", `'${taken}' is not yours to claim`);
  return { ...claims };
}
