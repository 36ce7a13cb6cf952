import { type Stream, sumOf } from "../../model/streams.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatBytes, formatCount, formatRate } from "../../parts/format.ts";
import { Link } from "../../parts/link.tsx";
import { Empty, Framed } from "../../parts/states.tsx";
import { Said } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";
import { amend, route } from "../../shell/route.ts";
import { StreamDetail } from "./stream-detail.tsx";

const rateOf = ({ subscriptions }: Stream): number | undefined =>
  sumOf(subscriptions.map(({ itemsPerSecond }) => itemsPerSecond));
const bytesOf = ({ subscriptions }: Stream): number | undefined =>
  sumOf(subscriptions.map(({ bytesPerSecond }) => bytesPerSecond));
const droppedOf = ({ subscriptions }: Stream): number =>
  subscriptions.reduce((sum, { dropped }) => sum + dropped, 0);
const waitingOf = ({ subscriptions }: Stream): number =>
  Math.max(0, ...subscriptions.map(({ waitingItems }) => waitingItems));

const columns: readonly Column<Stream>[] = [
  {
    name: "name",
    title: "Stream",
    by: ({ name }) => name,
    cell: ({ id, name }) => (
      <Link screen="streams" to={{ selected: id }}>
        <Said text={name} max={60} />
      </Link>
    ),
  },
  {
    name: "codec",
    title: "Codec",
    by: ({ codec }) => codec,
    cell: ({ codec }) => <Said text={codec} max={20} />,
  },
  {
    name: "producers",
    title: "Producers",
    numeric: true,
    by: ({ producers }) => producers.size,
    cell: ({ producers }) => producers.size,
  },
  {
    name: "consumers",
    title: "Consumers",
    numeric: true,
    by: ({ consumers }) => consumers.size,
    cell: ({ consumers }) => consumers.size,
  },
  {
    name: "rate",
    title: "Items",
    numeric: true,
    by: (row) => rateOf(row) ?? -1,
    cell: (row) => formatRate(rateOf(row)),
  },
  {
    name: "bytes",
    title: "Bytes",
    numeric: true,
    by: (row) => bytesOf(row) ?? -1,
    cell: (row) => {
      const bytes = bytesOf(row);
      return bytes === undefined ? "–" : `${formatBytes(bytes)}/s`;
    },
  },
  {
    name: "waiting",
    title: "Most waiting",
    numeric: true,
    by: waitingOf,
    cell: (row) => formatCount(waitingOf(row)),
  },
  {
    name: "dropped",
    title: "Dropped",
    numeric: true,
    by: droppedOf,
    cell: (row) => formatCount(droppedOf(row)),
  },
  {
    name: "refused",
    title: "Refused",
    numeric: true,
    by: ({ refusals }) => refusals.length,
    cell: ({ refusals }) => refusals.length,
  },
];

/** The streams, or one of them. */
export function Streams() {
  const { streams } = view.value;
  const { selected, query } = route.value;
  const stream = streams.find(({ id }) => id === selected);
  if (stream !== undefined) return <StreamDetail key={stream.id} stream={stream} />;
  const rows = streams.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()));
  return (
    <Framed title="Streams">
      {streams.length === 0 ? (
        <Empty title="No streams">
          No node that lets us look produces or consumes. <code>node.streams.produce(…)</code> makes
          one.
        </Empty>
      ) : (
        <DataTable
          name="streams"
          caption="Streams"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
          onPick={({ id }) => amend({ selected: id })}
        />
      )}
    </Framed>
  );
}
