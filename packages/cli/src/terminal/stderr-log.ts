import { inspect } from "node:util";
import { escapeUnprintable, type Log, type LogFacts, printable } from "@mosaik/primitives";
import { redacted } from "../debug/redacted.ts";

/** The levels of a log, the gravest first. */
export const logLevels: readonly string[] = ["error", "warn", "info", "debug"];

/** A log that writes the lines of a level and the graver ones to stderr. */
export function stderrLog(level: string, name = "mosaik"): Log {
  return logOf(level, name, (own, from, message, facts) => {
    const details = inspect(facts, { breakLength: Number.POSITIVE_INFINITY, depth: 4 });
    return printable(`${own} ${from}: ${message} ${details}`);
  });
}

/** The same with an object in JSON on each line, for those who collect logs. Secrets are left out. */
export function jsonLog(level: string, name = "mosaik"): Log {
  return logOf(level, name, (own, from, message, facts) => {
    const at = new Date().toISOString();
    const line = { at, level: own, name: from, message, facts: told(facts) };
    return escapeUnprintable(JSON.stringify(line));
  });
}

type Line = (level: string, name: string, message: string, facts: LogFacts) => string;

function logOf(level: string, name: string, lineOf: Line): Log {
  const rank = logLevels.indexOf(level);
  const at =
    (own: string) =>
    (message: string, facts: LogFacts = {}): void => {
      if (logLevels.indexOf(own) > rank) return;
      process.stderr.write(`${lineOf(own, name, message, facts)}\n`);
    };
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    child: (part) => logOf(level, `${name}:${part}`, lineOf),
  };
}

/** Facts without secrets, errors as their stacks. */
function told(facts: LogFacts): unknown {
  const shown = Object.entries(facts).map(([name, fact]) => {
    return [name, fact instanceof Error ? inspect(fact, { depth: 4 }) : fact];
  });
  return redacted(Object.fromEntries(shown));
}
