import { ConnectionsSection, DialsSection, RefusalsSection } from "@mosaik/transport";
import { nameIn } from "../../model/identity.ts";
import { type Peer, sectionOf } from "../../model/snapshot.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { formatBytes, formatClock, formatRtt } from "../../parts/format.ts";
import { PeerLink } from "../../parts/link.tsx";
import { Said } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";

interface Row {
  readonly id: string;
  readonly direction: string;
  readonly path: string;
  readonly rttMs: number;
  readonly links: number;
  readonly bytes: number;
}

const columns: readonly Column<Row>[] = [
  {
    name: "peer",
    title: "Peer",
    by: ({ id }) => nameIn(view.value.snapshot, id),
    cell: ({ id }) => <PeerLink id={id} snapshot={view.value.snapshot} />,
  },
  {
    name: "way",
    title: "Opened",
    by: ({ direction }) => direction,
    cell: ({ direction }) => direction,
  },
  { name: "path", title: "Path", by: ({ path }) => path, cell: ({ path }) => path },
  {
    name: "rtt",
    title: "Round trip",
    numeric: true,
    by: ({ rttMs }) => rttMs,
    cell: ({ rttMs }) => formatRtt(rttMs),
  },
  {
    name: "links",
    title: "Links",
    numeric: true,
    by: ({ links }) => links,
    cell: ({ links }) => links,
  },
  {
    name: "bytes",
    title: "Traffic",
    numeric: true,
    by: ({ bytes }) => bytes,
    cell: ({ bytes }) => formatBytes(bytes),
  },
];

/** With whom a node is connected, and how. */
export function Connections({ peer }: { readonly peer: Peer }) {
  const told = sectionOf(peer, ConnectionsSection);
  const rows = Object.entries(told ?? {}).map(([id, { direction, path, rttMs, protocols }]) => {
    const all = Object.values(protocols);
    const links = all.reduce((sum, one) => sum + one.links, 0);
    const bytes = all.reduce((sum, one) => sum + one.bytesSent + one.bytesReceived, 0);
    return { id, direction, path, rttMs, links, bytes };
  });
  return (
    <section aria-labelledby="connections" class="wide">
      <h2 id="connections">Connections</h2>
      {told === undefined ? (
        <p class="hint">This node does not tell them.</p>
      ) : (
        <DataTable
          name="connections"
          caption="Connections"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
        />
      )}
    </section>
  );
}

/** The newest attempts to connect, of this node and of others that it did not admit. */
export function Dials({ peer }: { readonly peer: Peer }) {
  const dials = Object.entries(sectionOf(peer, DialsSection) ?? {})
    .flatMap(([target, attempts]) => attempts.map((attempt) => ({ target, ...attempt })))
    .sort((a, b) => b.at - a.at)
    .slice(0, 20);
  const refusals = sectionOf(peer, RefusalsSection) ?? [];
  return (
    <section aria-labelledby="dials" class="wide">
      <h2 id="dials">Attempts to connect</h2>
      {dials.length === 0 && <p class="hint">None lately.</p>}
      <ol class="log">
        {dials.map(({ target, at, ok, code, reason = "", tookMs, tried = [] }) => (
          <li key={`${target} ${at}`} class={ok ? "" : "bad"}>
            <time>{formatClock(at)}</time>
            <span>
              {ok ? "reached" : "did not reach"}{" "}
              <Said text={nameIn(view.value.snapshot, target)} max={60} />
              {ok ? ` in ${Math.round(tookMs)} ms` : ": "}
              {!ok && <Said text={tried[0]?.reason ?? (reason || code || "")} />}
            </span>
          </li>
        ))}
        {refusals.slice(-10).map(({ at, peer: from, reason, text = "" }) => (
          <li key={`${from} ${at}`} class="bad">
            <time>{formatClock(at)}</time>
            <span>
              refused <Said text={nameIn(view.value.snapshot, from)} max={60} />:{" "}
              <Said text={`${reason} ${text}`} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
