import { GroupsSection } from "@mosaik/groups";
import { StreamsSection } from "@mosaik/streams";
import { ConnectionsSection } from "@mosaik/transport";
import { nameIn, nameOf, peersOf } from "../../model/identity.ts";
import { apart } from "../../model/side.ts";
import { sectionOf } from "../../model/snapshot.ts";
import { formatRate, formatRtt } from "../../parts/format.ts";
import { Link, PeerLink } from "../../parts/link.tsx";
import { PeerFacts } from "../../parts/peer-facts.tsx";
import { PeerMark } from "../../parts/peer-mark.tsx";
import { Said } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";
import { amend, amendMore, route } from "../../shell/route.ts";

/** What there is to say of the selected node, and of its way to another one. */
export function SidePanel({ id, other }: { readonly id: string; readonly other: string }) {
  const { snapshot } = view.value;
  const peer = snapshot.peers.get(id);
  const close = (): void => amend({ selected: "", more: { ...route.value.more, other: "" } });
  return (
    <aside class="side" aria-label={`About ${nameIn(snapshot, id)}`}>
      <header>
        <PeerMark peer={peer} snapshot={snapshot} />
        <h2>{nameIn(snapshot, id)}</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={close}>
          ✕
        </button>
      </header>
      {peer === undefined ? (
        <p class="hint">This node has left the network.</p>
      ) : (
        <>
          <dl class="facts">
            <PeerFacts peer={peer} letters={16} />
          </dl>
          <Flows id={id} />
          <Why id={id} other={other} />
          <p>
            <Link screen="node" to={{ selected: id }} class="button">
              All about {nameOf(peer)}
            </Link>
          </p>
        </>
      )}
    </aside>
  );
}

function Flows({ id }: { readonly id: string }) {
  const { snapshot, streams } = view.value;
  const peer = snapshot.peers.get(id);
  const told = sectionOf(peer, StreamsSection);
  const groups = Object.entries(sectionOf(peer, GroupsSection) ?? {});
  const names = new Map(view.value.groups.map(({ id: group, name }) => [group, name]));
  const connections = Object.entries(sectionOf(peer, ConnectionsSection) ?? {});
  const links = streams.flatMap(({ name, subscriptions }) =>
    subscriptions
      .filter(({ producer, consumer }) => producer === id || consumer === id)
      .map((link) => ({ name, ...link })),
  );
  return (
    <>
      {told !== undefined && (
        <section>
          <h3>Streams</h3>
          {links.length === 0 && <p class="hint">Neither produces nor consumes.</p>}
          <ul class="flows">
            {links.slice(0, 12).map(({ name, producer, consumer, itemsPerSecond }) => (
              <li key={`${name} ${producer} ${consumer}`}>
                <span class="way" title={producer === id ? "to" : "from"}>
                  {producer === id ? "→" : "←"}
                </span>
                <PeerLink id={producer === id ? consumer : producer} snapshot={snapshot} />
                <small>
                  <Said text={name} max={28} />
                </small>
                <span class="number">{formatRate(itemsPerSecond)}</span>
              </li>
            ))}
          </ul>
          {links.length > 12 && <p class="hint">and {links.length - 12} more</p>}
        </section>
      )}
      {groups.length > 0 && (
        <section>
          <h3>Groups</h3>
          <ul class="flows">
            {groups.map(([group, { machine, role, term }]) => (
              <li key={group}>
                <Said text={names.get(group) ?? machine} max={28} />
                <small>{role}</small>
                <span class="number">term {term}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {connections.length > 0 && (
        <section>
          <h3>Connections</h3>
          <ul class="flows">
            {connections.slice(0, 12).map(([to, { rttMs, path }]) => (
              <li key={to}>
                <PeerLink id={to} snapshot={snapshot} />
                <small>{path}</small>
                <span class="number">{formatRtt(rttMs)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

/** Why two nodes are connected, or not. */
function Why({ id, other }: { readonly id: string; readonly other: string }) {
  const { snapshot } = view.value;
  const others = peersOf(snapshot, true).filter((peer) => peer.id !== id);
  return (
    <section class="why" aria-labelledby="why">
      <h3 id="why">Why are they not connected?</h3>
      <label>
        With{" "}
        <select value={other} onChange={(event) => amendMore("other", event.currentTarget.value)}>
          <option value="">choose, or shift-click a node</option>
          {others.map((peer) => (
            <option key={peer.id} value={peer.id}>
              {nameOf(peer)}
            </option>
          ))}
        </select>
      </label>
      {other !== "" && (
        <ol>
          {apart(snapshot, id, other).map(({ kind, certainty, text, remedy }) => (
            <li key={`${kind} ${text}`}>
              <strong>
                <Said text={text} max={300} />
              </strong>{" "}
              <span class="badge">{certainty}</span>
              {remedy !== "nothing" && (
                <p>
                  <Said text={remedy} max={300} />
                </p>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
