import { ConnectionsSection } from "@mosaik/transport";
import { nameOf, peersOf } from "../../model/identity.ts";
import { type Snapshot, sectionOf } from "../../model/snapshot.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatRtt } from "../../parts/format.ts";
import { PeerLink } from "../../parts/link.tsx";
import { peerColumn } from "../../parts/peer-column.tsx";
import { Empty, Framed } from "../../parts/states.tsx";
import { view } from "../../shell/app.ts";
import { matches } from "../topology/filter.ts";

/** A matrix of more nodes is no longer legible: then the pairs alone are shown. */
const matrixMax = 40;

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly rttMs: number;
  readonly path: string;
}

const columns: readonly Column<Pair>[] = [
  peerColumn("from", "Measured by"),
  peerColumn("to", "To"),
  {
    name: "rtt",
    title: "Round trip",
    numeric: true,
    by: ({ rttMs }) => rttMs,
    cell: ({ rttMs }) => formatRtt(rttMs),
  },
  { name: "path", title: "Path", by: ({ path }) => path, cell: ({ path }) => path },
];

/** How far everybody is from everybody, the worst first. */
export function Latency() {
  const { snapshot } = view.value;
  const peers = peersOf(snapshot).filter(matches);
  const shown = new Set(peers.map(({ id }) => id));
  const pairs = pairsOf(snapshot).filter(({ from, to }) => shown.has(from) && shown.has(to));
  return (
    <Framed title="Latency">
      {pairs.length === 0 ? (
        <Empty title="Nothing is measured yet">
          Connections are pinged; the first answer is on its way.
        </Empty>
      ) : (
        <>
          {peers.length <= matrixMax && <Matrix peers={peers.map(({ id }) => id)} pairs={pairs} />}
          <DataTable
            name="pairs"
            caption="Pairs, the worst first"
            columns={columns}
            rows={pairs}
            keyOf={({ from, to }) => `${from} ${to}`}
          />
        </>
      )}
    </Framed>
  );
}

function pairsOf(snapshot: Snapshot): Pair[] {
  const pairs = [...snapshot.peers.values()].flatMap((peer) =>
    Object.entries(sectionOf(peer, ConnectionsSection) ?? {}).map(([to, { rttMs, path }]) => {
      return { from: peer.id, to, rttMs, path };
    }),
  );
  return pairs.sort((a, b) => b.rttMs - a.rttMs);
}

function Matrix({
  peers,
  pairs,
}: {
  readonly peers: readonly string[];
  readonly pairs: readonly Pair[];
}) {
  const { snapshot } = view.value;
  const by = new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, pair]));
  const worst = Math.max(1, ...pairs.map(({ rttMs }) => rttMs));
  const name = (id: string): string => nameOf(snapshot.peers.get(id), id);
  return (
    <div class="table matrix" role="region" aria-label="Round trips by pair" tabIndex={0}>
      <table>
        <caption class="unseen">
          Round trips in milliseconds: rows measured, columns answered
        </caption>
        <thead>
          <tr>
            <td />
            {peers.map((id) => (
              <th key={id} scope="col">
                <bdi>{name(id)}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {peers.map((from) => (
            <tr key={from}>
              <th scope="row">
                <PeerLink id={from} snapshot={snapshot} />
              </th>
              {peers.map((to) => {
                const pair = by.get(`${from} ${to}`);
                const heat =
                  pair === undefined
                    ? "none"
                    : String(Math.min(4, Math.floor((5 * pair.rttMs) / worst)));
                return (
                  <td
                    key={to}
                    class={`number heat-${heat}`}
                    title={pair && `${name(from)} to ${name(to)}, ${pair.path}`}
                  >
                    {pair === undefined
                      ? "·"
                      : pair.rttMs < 10
                        ? pair.rttMs.toFixed(1)
                        : Math.round(pair.rttMs)}
                    {pair?.path === "relay" && "*"}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
