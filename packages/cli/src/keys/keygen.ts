import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { ed25519 } from "@mosaik/primitives/system";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { Printer } from "../output/printer.ts";
import type { PrintOptions } from "../settings/common-options.ts";
import { formatSecretKey, type KeyFormat } from "./secret-key.ts";

/** What `keygen` is told. */
export type KeygenOptions = PrintOptions & {
  readonly out?: string | undefined;
  readonly group?: true | undefined;
  readonly networkSecret?: true | undefined;
  readonly format: KeyFormat;
};

interface FreshKey {
  readonly kind: "node" | "group" | "secret";
  readonly text: string;
  readonly peer?: string;
}

/** Makes a key and prints it, or writes it to a file and prints whose it is. */
export async function keygen(host: Host, options: KeygenOptions): Promise<void> {
  const { out } = options;
  const { kind, text, peer } = await freshKey(options);
  const printer = new Printer(host, options, "value");
  if (out !== undefined) writeNew(resolve(host.cwd, out), text);
  const facts = {
    kind,
    ...(out === undefined ? { key: text } : { file: out }),
    ...(peer === undefined ? {} : { peer }),
  };
  const shown = out === undefined ? text : (peer ?? out);
  printer.one(
    facts,
    () => Object.entries(facts).map(([name, value]) => [{ text: `${name.padEnd(4)}  ${value}` }]),
    shown,
  );
}

async function freshKey({ group, networkSecret, format }: KeygenOptions): Promise<FreshKey> {
  if (group) {
    const { createGroupKey, formatGroupKey } = await import("@mosaik/groups");
    return { kind: "group", text: formatGroupKey(createGroupKey()) };
  }
  const bytes = randomBytes(32);
  if (networkSecret) return { kind: "secret", text: bytes.toString("base64url") };
  return { kind: "node", text: formatSecretKey(bytes, format), peer: ed25519.identity(bytes).peer };
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, `${text}\n`, { mode: 0o600, flag: "wx" });
  } catch (cause) {
    const exists = cause instanceof Error && "code" in cause && cause.code === "EEXIST";
    const reason = exists ? "it exists, and a key is never overwritten" : String(cause);
    throw new CliError("CLI_FILE", `${file} cannot be written: ${reason}`, { cause });
  }
}
