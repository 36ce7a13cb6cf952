import { useSignal } from "@preact/signals";
import { legible } from "../../model/legible.ts";
import type { Refusal, Stream, Subscription } from "../../model/streams.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatCount, formatRate, formatSpan } from "../../parts/format.ts";
import { Link } from "../../parts/link.tsx";
import { peerColumn } from "../../parts/peer-column.tsx";
import { Framed } from "../../parts/states.tsx";
import { Said } from "../../parts/text.tsx";
import { Publish } from "./publish.tsx";
import { Sample } from "./sample.tsx";

const columns: readonly Column<Subscription>[] = [
  peerColumn("producer", "Producer"),
  peerColumn("consumer", "Consumer"),
  {
    name: "rate",
    title: "Items",
    numeric: true,
    by: ({ itemsPerSecond }) => itemsPerSecond ?? -1,
    cell: ({ itemsPerSecond }) => formatRate(itemsPerSecond),
  },
  {
    name: "items",
    title: "So far",
    numeric: true,
    by: ({ items }) => items,
    cell: ({ items }) => formatCount(items),
  },
  {
    name: "waiting",
    title: "Buffer",
    numeric: true,
    by: ({ waitingItems }) => waitingItems,
    cell: ({ waitingItems, waitingMax }) => (
      <span class="fill">
        {waitingMax > 0 && (
          <meter min={0} max={waitingMax} value={waitingItems} aria-label="Of what may wait" />
        )}
        {formatCount(waitingItems)}
      </span>
    ),
  },
  {
    name: "dropped",
    title: "Dropped",
    numeric: true,
    by: ({ dropped }) => dropped,
    cell: ({ dropped }) => formatCount(dropped),
  },
  {
    name: "up",
    title: "Up for",
    numeric: true,
    by: ({ uptimeMs }) => uptimeMs,
    cell: ({ uptimeMs }) => formatSpan(uptimeMs),
  },
];

const refusalColumns: readonly Column<Refusal>[] = [
  peerColumn("producer", "Producer"),
  peerColumn("consumer", "Consumer"),
  {
    name: "reason",
    title: "Why not",
    by: ({ reason }) => reason,
    cell: ({ reason }) => <Said text={reason} />,
  },
  { name: "by", title: "Says the", by: ({ by }) => by, cell: ({ by }) => by },
];

/** One stream: who feeds whom, who does not, and what passes. */
export function StreamDetail({ stream }: { readonly stream: Stream }) {
  const title = legible(stream.name, 60) || "A stream";
  const { subscriptions, refusals } = stream;
  const draft = useSignal("{}");
  const pick = (text: string): void => {
    draft.value = text;
  };
  return (
    <Framed title={title} tools={<Link screen="streams">All streams</Link>}>
      <DataTable
        name="subscriptions"
        caption="Subscriptions"
        columns={columns}
        rows={subscriptions}
        keyOf={({ producer, consumer }) => `${producer} ${consumer}`}
      />
      {refusals.length > 0 && (
        <DataTable
          name="refusals"
          caption="Refused"
          columns={refusalColumns}
          rows={refusals}
          keyOf={({ producer, consumer, by }) => `${producer} ${consumer} ${by}`}
        />
      )}
      <Sample stream={stream} onPick={pick} />
      <Publish stream={stream} draft={draft} />
    </Framed>
  );
}
