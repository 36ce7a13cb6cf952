import { InvalidArgumentError, type Option } from "@commander-js/extra-typings";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { readConfigFile } from "./config-file.ts";
import { readContext, selectedContext } from "./contexts.ts";
import { collect } from "./quantities.ts";

/** Where the value of an option comes from when the command line does not say it. */
export interface Sources {
  /** The context in use. */
  readonly context: string | undefined;
  /** The value of the first source that says something. */
  find(option: Option): Found | undefined;
}

/** What a source says of an option. */
export interface Found {
  readonly value: unknown;
  /** For people: `MOSAIK_NETWORK`, `context staging`. */
  readonly source: string;
  /** Lower counts first. */
  readonly rank: number;
}

/** The fields of a config file or a context, by the options' names in camel case. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * The environment, `./mosaik.config.json` and the context, in this order.
 *
 * @throws CliError with `CLI_BAD_CONFIG`.
 */
export function openSources(host: Host, context: string | undefined): Sources {
  const config = readConfigFile(host);
  const name = context ?? textIn(host.env, "MOSAIK_CONTEXT") ?? textIn(config, "context");
  const used = name ?? selectedContext(host);
  const fields = used === undefined ? {} : readContext(host, used);
  return {
    context: used,
    find(option) {
      const key = option.attributeName();
      const variable = envTwin(option);
      const candidates: (readonly [source: string, raw: unknown])[] = [
        [variable, host.env[variable] || undefined],
        ["mosaik.config.json", config[key]],
        [`context ${used}`, fields[key]],
      ];
      for (const [rank, [source, raw]] of candidates.entries()) {
        if (raw !== undefined) return { value: parsed(option, raw, source), source, rank };
      }
      return undefined;
    },
  };
}

/** The environment variable of an option: `MOSAIK_SECRET_FILE` of `--secret-file`. */
export function envTwin(option: Option): string {
  const words = option.attributeName().replaceAll(/[A-Z]/g, (letter) => `_${letter}`);
  return `MOSAIK_${words.toUpperCase()}`;
}

function textIn(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function parsed(option: Option, raw: unknown, source: string): unknown {
  try {
    // what counts how often it is said: --verbose
    if (option.isBoolean() && option.parseArg && /^\d+$/.test(`${raw}`)) return Number(raw);
    if (!option.required) {
      const truth = /^(true|1)$/.test(`${raw}`) ? true : /^(false|0)$/.test(`${raw}`) ? false : raw;
      if (typeof truth === "boolean") return truth;
      if (!option.optional) throw new InvalidArgumentError("say true or false.");
    }
    if (option.parseArg !== collect) return parsedOne(option, raw, undefined);
    const all: unknown[] = Array.isArray(raw) ? raw : `${raw}`.split(",");
    return all.reduce((before, each) => parsedOne(option, each, before), undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    const message = `'${option.long}' cannot be '${raw}', as ${source} says: ${error.message}`;
    throw new CliError("CLI_BAD_CONFIG", message);
  }
}

function parsedOne(option: Option, raw: unknown, before: unknown): unknown {
  if (typeof raw !== "string" && typeof raw !== "number") {
    throw new InvalidArgumentError("give a text or a number.");
  }
  return option.parseArg === undefined ? `${raw}` : option.parseArg(`${raw}`, before);
}
