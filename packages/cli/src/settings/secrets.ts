import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";

/** Where a secret is. */
export interface SecretPlace {
  readonly text?: string | undefined;
  /** A path, or `-` for the standard input. */
  readonly file?: string | undefined;
  /** The name of an environment variable. */
  readonly env?: string | undefined;
}

/**
 * The secret of the place that was named, if one was, without the space around it.
 *
 * @throws CliError with `CLI_FILE` or `CLI_USAGE`. The secret is in none of them.
 */
export async function readSecret(host: Host, place: SecretPlace): Promise<string | undefined> {
  const { text, file, env } = place;
  if (text !== undefined) return notEmpty(text, "the option");
  if (file === "-") return notEmpty(await readInput(host), "the standard input");
  if (file !== undefined) return notEmpty(readText(host, file), file);
  if (env !== undefined) return notEmpty(host.env[env] ?? "", `the variable ${env}`);
  return undefined;
}

/** All of the standard input. */
export async function readInput(host: Host): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of host.input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * The text of a file, its path being relative to the host's folder.
 *
 * @throws CliError with `CLI_FILE`.
 */
export function readText(host: Host, file: string): string {
  try {
    return readFileSync(resolve(host.cwd, file), "utf8");
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CliError("CLI_FILE", `${file} cannot be read: ${reason}`, { cause });
  }
}

function notEmpty(text: string, where: string): string {
  const trimmed = text.trim();
  if (trimmed !== "") return trimmed;
  throw new CliError("CLI_USAGE", `${where} holds no secret`);
}
