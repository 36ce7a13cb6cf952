import { inspect } from "node:util";
import { escapeUnprintable, type Log, type LogFacts, printable } from "@mosaik/primitives";
import { redacted } from "../debug/redacted.ts";

/** The levels of a log, the gravest first. */
export const logLevels: readonly string[] = ["error", "warn", "info", "debug"];

/** A log that writes the lines of a level and the graver ones to stderr. */
export function stderrLog(level: string, name = "mosaik"): Log {
  const rank = logLevels.indexOf(level);
  const at =
    (own: number) =>
    (message: string, facts: LogFacts = {}): void => {
      if (own > rank) return;
      const details = inspect(facts, { breakLength: Number.POSITIVE_INFINITY, depth: 4 });
      process.stderr.write(`${printable(`${logLevels[own]} ${name}: ${message} ${details}`)}\n`);
    };
  return {
    error: at(0),
    warn: at(1),
    info: at(2),
    debug: at(3),
    child: (part) => stderrLog(level, `${name}:${part}`),
  };
}

/** The same with an object in JSON on each line, for those who collect logs. Secrets are left out. */
export function jsonLog(level: string, name = "mosaik"): Log {
  const rank = logLevels.indexOf(level);
  const at =
    (own: number) =>
    (message: string, facts: LogFacts = {}): void => {
      if (own > rank) return;
      const at = new Date().toISOString();
      const line = { at, level: logLevels[own], name, message, facts: told(facts) };
      process.stderr.write(`${escapeUnprintable(JSON.stringify(line))}\n`);
    };
  return {
    error: at(0),
    warn: at(1),
    info: at(2),
    debug: at(3),
    child: (part) => jsonLog(level, `${name}:${part}`),
  };
}

/** Facts without secrets, errors as their stacks. */
function told(facts: LogFacts): unknown {
  const shown = Object.entries(facts).map(([name, fact]) => {
    return [name, fact instanceof Error ? inspect(fact, { depth: 4 }) : fact];
  });
  return redacted(Object.fromEntries(shown));
}
