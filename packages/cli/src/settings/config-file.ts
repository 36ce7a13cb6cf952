import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { Fields } from "./sources.ts";

/** The name of the file in the working directory. */
export const configFileName = "mosaik.config.json";

/**
 * What the working directory's config file says; nothing where there is none.
 *
 * @throws CliError with `CLI_BAD_CONFIG`.
 */
export function readConfigFile(host: Host): Fields {
  return readFields(join(host.cwd, configFileName)) ?? {};
}

/**
 * A JSON object in a file; `undefined` where there is no such file.
 *
 * @throws CliError with `CLI_BAD_CONFIG`.
 */
export function readFields(file: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    throw new SyntaxError("it is no object");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError("CLI_BAD_CONFIG", `${file} cannot be used: ${reason}`, { cause });
  }
}
