import { type Command, Option } from "@commander-js/extra-typings";
import { collect, parseDuration } from "./quantities.ts";

/** How data is written. */
export const formats = ["table", "json", "ndjson", "value"] as const;

/** Options of every command that prints data. */
export function printing(command: Command) {
  return command
    .addOption(
      new Option("-o, --output <format>", "how to print; on a terminal: table").choices(formats),
    )
    .option("--json", "short for --output json")
    .option("--no-color", "print without colours")
    .option("-q, --quiet", "say nothing but data and errors");
}

/** Options of every command that joins a network. */
export function joining(command: Command) {
  return printing(command)
    .option("-n, --network <name>", "the network's name, or an invite to it")
    .option("-s, --seed <address>", "where to begin: an address or an invite; repeatable", collect)
    .option("--secret <text>", "the network's secret; better: --secret-file")
    .option("--secret-file <path>", "a file that holds the secret; - for the standard input")
    .option("--secret-env <name>", "an environment variable that holds the secret")
    .option("--context <name>", "the context to take settings from")
    .option("--tag <tag>", "what this node calls itself; repeatable (default: cli)", collect)
    .option("--listen <address>", "where to be reachable; repeatable", collect)
    .option("--announce <address>", "what to tell others instead; repeatable", collect)
    .option("--mdns", "find nodes of this network by multicast DNS")
    .option("-t, --timeout <duration>", "how long to wait (default: 10s)", parseDuration)
    .option("-v, --verbose", "log to stderr; twice for more", louder);
}

/** Options of every command that looks into nodes. */
export function inspecting(command: Command) {
  return joining(command)
    .option("--read-key <text>", "the nodes' inspection key; better: --read-key-file")
    .option("--read-key-file <path>", "a file that holds the key; - for the standard input")
    .option("--read-key-env <name>", "an environment variable that holds the key");
}

/** Options of every command that has nodes do something. */
export function acting(command: Command) {
  return inspecting(command)
    .option("--write-key <text>", "the nodes' key for actions; better: --write-key-file")
    .option("--write-key-file <path>", "a file that holds the key; - for the standard input")
    .option("--write-key-env <name>", "an environment variable that holds the key")
    .option("-y, --yes", "do not ask");
}

/** Options of commands that list what there is, once or again and again. */
export function listing(command: Command) {
  return inspecting(command).option(
    "-w, --watch [every]",
    "again and again (default: every 2s)",
    parseDuration,
  );
}

function louder(_: string, before: unknown): number {
  return typeof before === "number" ? before + 1 : 1;
}

/** What `printing` gives. */
export type PrintOptions = ReturnType<ReturnType<typeof printing>["opts"]>;
/** What `joining` gives. */
export type JoinOptions = ReturnType<ReturnType<typeof joining>["opts"]>;
/** What `inspecting` gives. */
export type InspectOptions = ReturnType<ReturnType<typeof inspecting>["opts"]>;
/** What `acting` gives. */
export type ActOptions = ReturnType<ReturnType<typeof acting>["opts"]>;
/** What `listing` gives. */
export type ListOptions = ReturnType<ReturnType<typeof listing>["opts"]>;
