import { createCommand, Option } from "@commander-js/extra-typings";
import type { Host } from "../host.ts";
import { inspecting, listing } from "../settings/common-options.ts";
import { collect, parseCount, parseDuration, parseSize } from "../settings/quantities.ts";

/** `streams`: what flows. */
export function streamsCommand(host: Host) {
  return createCommand("streams")
    .description("what flows between whom")
    .addCommand(ls(host))
    .addCommand(show(host))
    .addCommand(sub(host))
    .addCommand(pub(host));
}

function codecOption() {
  return new Option("--codec <codec>", "how items travel (default: what its nodes use)").choices([
    "superjson",
    "json",
    "msgpack",
    "raw",
  ] as const);
}

const versionText = "the stream's version (default: what its nodes use)";

function ls(host: Host) {
  return listing(createCommand("ls"))
    .description("list the streams, with their rates")
    .action(async (options) => {
      const { listStreams } = await import("../streams/ls.ts");
      await listStreams(host, options);
    });
}

function show(host: Host) {
  return inspecting(createCommand("show"))
    .description("print who produces a stream, who consumes it, who was refused and why")
    .argument("<name>", "the stream's name, or the first digits of its id")
    .action(async (name, options) => {
      const { showStream } = await import("../streams/show.ts");
      await showStream(host, name, options);
    });
}

function sub(host: Host) {
  return inspecting(createCommand("sub"))
    .description("print the items of a stream as they come")
    .argument("<name>", "the stream's name")
    .option("--from <id>", "only from the peer whose id begins so")
    .option("--with-tag <tag>", "only from peers that call themselves so; repeatable", collect)
    .option("--where <condition>", "only items such that 'celsius >= 21'; repeatable", collect)
    .option("--schema <file>", "only items that fit the schema that this module exports")
    .option("--limit <number>", "end after so many items", parseCount)
    .option("--stream-version <number>", versionText, parseCount)
    .addOption(codecOption())
    .action(async (name, options) => {
      const { subscribe } = await import("../streams/sub.ts");
      await subscribe(host, name, options);
    });
}

function pub(host: Host) {
  return inspecting(createCommand("pub"))
    .description("send items to those that consume a stream")
    .argument("<name>", "the stream's name")
    .argument("[item]", "the item as JSON; - for one on each line of the standard input", "-")
    .option("--size <bytes>", "send a text of so many bytes instead of an item", parseSize)
    .option("--count <number>", "send the item so often", parseCount)
    .option("--interval <duration>", "and so far apart", parseDuration)
    .option("--wait-subscribers <number>", "wait for so many (default: 1)", parseCount)
    .option("--stream-version <number>", versionText, parseCount)
    .addOption(codecOption())
    .action(async (name, item, options) => {
      const { publish } = await import("../streams/pub.ts");
      await publish(host, { name, item }, options);
    });
}
