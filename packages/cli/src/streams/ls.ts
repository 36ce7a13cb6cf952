import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { bytes, short } from "../output/figures.ts";
import { Printer, say } from "../output/printer.ts";
import { pause, repeat } from "../output/repeat.ts";
import type { Column } from "../output/table.ts";
import type { ListOptions } from "../settings/common-options.ts";
import { type StreamRow, streamFacts, streamRows } from "./rows.ts";

/** Between the two looks that a rate is made from. */
const rateOverMs = 500;

/** Lists the streams of the network. */
export async function listStreams(host: Host, options: ListOptions): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, (joined) =>
    repeat(host, printer, options.watch, async () => {
      const before = await streamFacts(host, options, joined);
      await pause(rateOverMs, joined.signal);
      const now = await streamFacts(host, options, joined);
      printer.list("streams", streamRows(before, now), columns);
      if (now.silent > 0) say(host, options, `${now.silent} nodes do not let us look`);
    }),
  );
}

const columns: readonly Column<StreamRow>[] = [
  { title: "NAME", of: ({ name }) => name, style: () => "cyan" },
  { title: "ID", of: ({ stream }) => short(stream), full: ({ stream }) => stream },
  { title: "CODEC", of: ({ codec, version }) => `${codec} v${version}` },
  { title: "PRODUCERS", of: ({ producers }) => String(producers), align: "right" },
  { title: "CONSUMERS", of: ({ consumers }) => String(consumers), align: "right" },
  { title: "ITEMS/S", of: ({ itemsPerSecond }) => String(itemsPerSecond), align: "right" },
  { title: "BYTES/S", of: ({ bytesPerSecond }) => bytes(bytesPerSecond), align: "right" },
  { title: "DROPPED", of: ({ dropped }) => String(dropped), align: "right" },
  { title: "WAITING", of: ({ waitingItems }) => String(waitingItems), align: "right" },
];
