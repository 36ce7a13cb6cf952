import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { Schema } from "@mosaik/primitives";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";

/**
 * The schema that a module exports as its default: of zod, valibot or any other that keeps to Standard
 * Schema. The module is run.
 *
 * @throws CliError with `CLI_FILE` where it cannot be loaded, `CLI_USAGE` where it exports none.
 */
export function schemaOf(host: Host, file: string): Schema {
  const exported: unknown = load(resolve(host.cwd, file), file);
  if (isSchema(exported)) return exported;
  const hint = "export default z.object({ celsius: z.number() })";
  throw new CliError("CLI_USAGE", `${file} does not export a schema as its default`, { hint });
}

function load(path: string, file: string): unknown {
  try {
    const module: unknown = createRequire(path)(path);
    return typeof module === "object" && module !== null && "default" in module
      ? module.default
      : undefined;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError("CLI_FILE", `${file} cannot be loaded: ${reason}`, { cause });
  }
}

function isSchema(value: unknown): value is Schema {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject && "~standard" in value;
}
