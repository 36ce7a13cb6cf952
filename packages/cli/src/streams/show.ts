import { streamId } from "@mosaik/primitives";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { bytes, duration, short } from "../output/figures.ts";
import { Printer, say } from "../output/printer.ts";
import type { Column } from "../output/table.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { type StreamFacts, streamFacts } from "./rows.ts";

/** A producer and a consumer of a stream, and what is between them. */
interface PairRow {
  readonly [name: string]: unknown;
  readonly producer: string;
  readonly consumer: string;
  /** `subscribed`, or why not. */
  readonly state: string;
  readonly items?: number;
  readonly bytes?: number;
  readonly dropped?: number;
  readonly waitingItems?: number;
  readonly uptimeMs?: number;
}

/** Prints who produces a stream, who consumes it, and who was refused and why. */
export async function showStream(host: Host, name: string, options: InspectOptions): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, async (joined) => {
    const facts = await streamFacts(host, options, joined);
    const stream = idOf(facts, name);
    const rows = pairs(facts, stream);
    printer.list("subscriptions", rows, columns);
    if (facts.silent > 0) say(host, options, `${facts.silent} nodes do not let us look`);
  });
}

function idOf({ produced, consumed }: StreamFacts, name: string): string {
  const id = streamId(name);
  const all = [...produced, ...consumed].map(({ stream }) => stream);
  const found = all.find((one) => one === id || (name.length >= 8 && one.startsWith(name)));
  if (found !== undefined) return found;
  const message = `nobody that lets us look produces or consumes '${name}'`;
  throw new CliError("CLI_NOT_FOUND", message, { hint: "mosaik streams ls" });
}

function pairs({ produced, consumed }: StreamFacts, stream: string): PairRow[] {
  const rows: PairRow[] = [];
  for (const { by: producer, consumers, refused } of produced.filter(of(stream))) {
    for (const [consumer, { items, bytes, dropped, waitingItems, uptimeMs }] of Object.entries(
      consumers,
    )) {
      const figures = { items, bytes, dropped, waitingItems, uptimeMs };
      rows.push({ producer, consumer, state: "subscribed", ...figures });
    }
    for (const [consumer, { reason }] of Object.entries(refused)) {
      if (!(consumer in consumers)) rows.push({ producer, consumer, state: `refused: ${reason}` });
    }
    if (rows.every((row) => row.producer !== producer)) {
      rows.push({ producer, consumer: "", state: "nobody consumes" });
    }
  }
  for (const { by: consumer, refusals } of consumed.filter(of(stream))) {
    for (const [producer, reason] of Object.entries(refusals)) {
      const isTold = rows.some((row) => row.producer === producer && row.consumer === consumer);
      if (!isTold) rows.push({ producer, consumer, state: reason });
    }
    if (rows.every((row) => row.consumer !== consumer)) {
      rows.push({ producer: "", consumer, state: "no producer" });
    }
  }
  return rows.sort((a, b) => (a.producer + a.consumer < b.producer + b.consumer ? -1 : 1));
}

function of(stream: string): (one: { readonly stream: string }) => boolean {
  return (one) => one.stream === stream;
}

const columns: readonly Column<PairRow>[] = [
  { title: "PRODUCER", of: ({ producer }) => shortOrNone(producer), style: () => "cyan" },
  { title: "CONSUMER", of: ({ consumer }) => shortOrNone(consumer), style: () => "cyan" },
  { title: "STATE", of: ({ state }) => state },
  { title: "ITEMS", of: ({ items }) => count(items), align: "right" },
  {
    title: "BYTES",
    of: (row) => (row.bytes === undefined ? "" : bytes(row.bytes)),
    align: "right",
  },
  { title: "DROPPED", of: ({ dropped }) => count(dropped), align: "right" },
  { title: "WAITING", of: ({ waitingItems }) => count(waitingItems), align: "right" },
  { title: "SINCE", of: ({ uptimeMs }) => duration(uptimeMs), align: "right" },
];

function shortOrNone(id: string): string {
  return id === "" ? "" : short(id);
}

function count(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}
