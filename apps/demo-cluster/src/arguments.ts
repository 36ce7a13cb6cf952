import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { logLevels } from "@mosaik/cli/terminal";
import type { Cast } from "./cluster.ts";

/** What the demo was asked to do. */
export type Arguments =
  | { readonly kind: "help" }
  /** It cannot be done, and why. */
  | { readonly kind: "misuse"; readonly reason: string }
  | {
      readonly kind: "run";
      /** Whether to play the story even where there is a terminal. */
      readonly headless: boolean;
      readonly json: boolean;
      /** What the story may take. */
      readonly seconds: number;
      /** Every time limit of the story is multiplied by this. */
      readonly slack: number;
      readonly network: string;
      readonly cast: Cast;
      readonly log: string;
      readonly metrics: boolean;
    };

/** The help text. */
export const usage = `Starts a cluster of mosaik nodes, each in a process of its own on this machine, and shows it.
On a terminal: live, with keys. Without one, or with --headless: a story of joins and faults,
each step checked; exit code 1 where a check failed.

Usage: demo [options]

  --headless           play the story even on a terminal
  --seconds <n>        the story ends within this time (45; at least 15)
  --slack <factor>     multiply every time limit by this (1), on a machine with other work
  --json               end standard output with one line of JSON, everything else on standard error
  --sensors <n>        sensor processes (4; 4 to 32)
  --aggregators <n>    aggregator processes, a replicated group (3; 3 to 7)
  --metrics            every node answers Prometheus, each on a port of its own, and says where
  --network <name>     the network's name (a random one)
  --log <level>        what the nodes log: error, warn, info, debug (error)
  --help               this text
`;

/** Understands a command line, without the program's own name. */
export function readArguments(args: readonly string[]): Arguments {
  const options = {
    headless: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "45" },
    slack: { type: "string", default: "1" },
    sensors: { type: "string", default: "4" },
    aggregators: { type: "string", default: "3" },
    metrics: { type: "boolean", default: false },
    network: { type: "string" },
    log: { type: "string", default: "error" },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    if (values.help) return { kind: "help" };
    if (!logLevels.includes(values.log)) throw new RangeError("--log is no level");
    return {
      kind: "run",
      headless: values.headless || values.json,
      json: values.json,
      seconds: whole("--seconds", values.seconds, 15, 86_400),
      slack: whole("--slack", values.slack, 1, 100),
      network: values.network ?? `demo-${randomBytes(4).toString("hex")}`,
      cast: {
        sensors: whole("--sensors", values.sensors, 4, 32),
        aggregators: whole("--aggregators", values.aggregators, 3, 7),
        recorders: 1,
      },
      metrics: values.metrics,
      log: values.log,
    };
  } catch (error) {
    return { kind: "misuse", reason: error instanceof Error ? error.message : String(error) };
  }
}

function whole(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${option} takes a whole number from ${min} to ${max}, not '${text}'`);
}
