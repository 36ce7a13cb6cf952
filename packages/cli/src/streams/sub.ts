import type { PeerInfo } from "@mosaik/discovery";
import { type Schema, validate } from "@mosaik/primitives";
import type { Delivery, PeerPredicate } from "@mosaik/streams";
import type { Host } from "../host.ts";
import { join } from "../network/join.ts";
import { short } from "../output/figures.ts";
import { type Facts, Printer, say } from "../output/printer.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { definitionOf, type Manner } from "./definition.ts";
import { schemaOf } from "./schema-file.ts";
import { startStreamer } from "./start.ts";
import { parseWhere } from "./where.ts";

/** What `streams sub` is told. */
export type SubOptions = InspectOptions &
  Manner & {
    readonly from?: string | undefined;
    readonly withTag?: readonly string[] | undefined;
    readonly limit?: number | undefined;
    readonly where?: readonly string[] | undefined;
    readonly schema?: string | undefined;
  };

/** Prints the items of a stream that are wanted, as they come, and gaps where some are lost. */
export async function subscribe(host: Host, name: string, options: SubOptions): Promise<void> {
  const printer = new Printer(host, options, "ndjson");
  const conditions = (options.where ?? []).map(parseWhere);
  const schema = options.schema === undefined ? undefined : schemaOf(host, options.schema);
  await join(host, options, startStreamer, async (joined) => {
    const { node, signal } = joined;
    const definition = await definitionOf(host, name, options, joined);
    await using consumer = node.streams.consume(definition, { from: wanted(options) });
    await consumer.when.subscribed({ signal: joined.deadline });
    say(host, options, `subscribed to '${name}' of ${consumer.producers.length} producers`);
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    const close = (): void => void consumer.close();
    signal.addEventListener("abort", close, { once: true });
    for await (const delivery of consumer.deliveries()) {
      if (delivery.kind === "item") {
        const misfit = misfitOf(delivery.item, schema);
        if (misfit !== undefined) say(host, options, `${short(delivery.producer)}: ${misfit}`);
        if (misfit !== undefined || !conditions.every((holds) => holds(delivery.item))) continue;
      }
      print(printer, delivery);
      if (delivery.kind === "item") left -= 1;
      if (left <= 0) break;
    }
    signal.throwIfAborted();
  });
}

/** Why an item does not fit the schema, if there is one and it does not. */
function misfitOf(item: unknown, schema: Schema | undefined): string | undefined {
  const fitting = schema === undefined ? undefined : validate(schema, item);
  return fitting?.ok === false ? fitting.error.message : undefined;
}

function wanted({ from, withTag = [] }: SubOptions): PeerPredicate {
  return (peer: PeerInfo) =>
    (from === undefined || peer.peer.startsWith(from)) &&
    withTag.every((tag) => peer.tags.has(tag));
}

function print(printer: Printer, delivery: Delivery<unknown>): void {
  const { producer } = delivery;
  if (delivery.kind === "gap") {
    const gap = delivery.count;
    const facts = { producer, gap: gap ?? "unknown" };
    if (printer.format === "value") return;
    return printer.item(facts, () => [
      { text: `${short(producer)}  `, style: "dim" },
      gapText(gap),
    ]);
  }
  const { item, sequence } = delivery;
  if (printer.format === "value" && item instanceof Uint8Array) return printer.value(item);
  const text = (): string => JSON.stringify(item) ?? "undefined";
  const facts: Facts = { producer, sequence, item };
  printer.item(
    facts,
    () => [{ text: `${short(producer)}  `, style: "dim" }, { text: text() }],
    text,
  );
}

function gapText(count: number | undefined) {
  return { text: `${count ?? "some"} items lost`, style: "yellow" } as const;
}
