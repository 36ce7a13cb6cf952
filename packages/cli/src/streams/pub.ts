import { createInterface } from "node:readline";
import type { Producer } from "@mosaik/streams";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { join } from "../network/join.ts";
import { Printer } from "../output/printer.ts";
import { pause } from "../output/repeat.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { definitionOf, type Manner } from "./definition.ts";
import { producerListens, startStreamer } from "./start.ts";

/** What `streams pub` is told. */
export type PubOptions = InspectOptions &
  Manner & {
    readonly size?: number | undefined;
    readonly count?: number | undefined;
    readonly interval?: number | undefined;
    readonly waitSubscribers?: number | undefined;
  };

/** Sends an item, or one for every line of the input. */
export async function publish(
  host: Host,
  { name, item: given }: { readonly name: string; readonly item: string },
  options: PubOptions,
): Promise<void> {
  const item = options.size === undefined ? given : fillOf(options.size, options);
  const printer = new Printer(host, options);
  if (item !== "-") itemOf(item, options); // before anybody is troubled
  const manner = { listen: producerListens };
  const start = startStreamer;
  await join(
    host,
    options,
    start,
    async (joined) => {
      const definition = await definitionOf(host, name, options, joined);
      await using producer = joined.node.streams.produce(definition);
      const atLeast = options.waitSubscribers ?? 1;
      await producer.when.subscribed({ atLeast, signal: joined.deadline });
      const consumers = producer.consumers.length;
      const sent = await sendAll(host, item, options, producer, joined.signal);
      await producer.flush({ signal: joined.deadline });
      printer.one({ stream: name, sent, consumers }, () => [
        [{ text: `${sent} items sent to ${consumers} consumers` }],
      ]);
    },
    manner,
  );
}

async function sendAll(
  host: Host,
  item: string,
  options: PubOptions,
  producer: Producer<unknown>,
  signal: AbortSignal,
): Promise<number> {
  const { count = 1, interval = 0 } = options;
  let sent = 0;
  const lines = item === "-" ? createInterface({ input: host.input }) : Array(count).fill(item);
  for await (const line of lines) {
    if (line.trim() === "") continue;
    if (sent > 0 && interval > 0) await pause(interval, signal);
    await producer.send(itemOf(line, options), { signal });
    sent += 1;
  }
  return sent;
}

/** A text that is as long as is wanted, as JSON where it is to be that. */
function fillOf(size: number, { codec }: PubOptions): string {
  return codec === "raw" ? "x".repeat(size) : `"${"x".repeat(Math.max(0, size - 2))}"`;
}

function itemOf(text: string, { codec }: PubOptions): unknown {
  if (codec === "raw") return Buffer.from(text, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const hint = `quote a text twice: '"${text.slice(0, 16)}"'`;
    throw new CliError("CLI_USAGE", `'${text}' is not JSON`, { cause, hint });
  }
}
