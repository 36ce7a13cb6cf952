import { inspect } from "node:util";
import { type Log, type LogFacts, printable } from "@mosaik/primitives";

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
