import { GroupsSection } from "@mosaik/groups";
import { StreamsSection } from "@mosaik/streams";
import { type Peer, sectionOf } from "../../model/snapshot.ts";
import { formatBytes, formatCount } from "../../parts/format.ts";
import { Link } from "../../parts/link.tsx";
import { Said } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";

/** What a node produces and consumes. */
export function Streams({ peer }: { readonly peer: Peer }) {
  const told = sectionOf(peer, StreamsSection);
  const all = [
    ...Object.values(told?.produced ?? {}).map(({ name, stream, consumers, sequence }) => {
      const bytes = Object.values(consumers).reduce((sum, one) => sum + one.bytes, 0);
      return {
        way: "→",
        does: "produces",
        name,
        stream,
        others: Object.keys(consumers).length,
        items: sequence,
        bytes,
      };
    }),
    ...Object.values(told?.consumed ?? {}).map(({ name, stream, producers, items, bytes }) => {
      return {
        way: "←",
        does: "consumes",
        name,
        stream,
        others: Object.keys(producers).length,
        items,
        bytes,
      };
    }),
  ];
  return (
    <section aria-labelledby="streams">
      <h2 id="streams">Streams</h2>
      {all.length === 0 && (
        <p class="hint">
          {told === undefined ? "This node does not tell them." : "Neither produces nor consumes."}
        </p>
      )}
      <ul class="flows">
        {all.map(({ way, does, name, stream, others, items, bytes }, at) => (
          <li key={`${does} ${stream} ${at}`}>
            <span class="way" title={does}>
              {way}
            </span>
            <Link screen="streams" to={{ selected: stream }}>
              <Said text={name} max={40} />
            </Link>
            <small>
              {does === "produces" ? "to" : "from"} {others}
            </small>
            <span class="number">
              {formatCount(items)} · {formatBytes(bytes)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The groups that a node is in. */
export function Memberships({ peer }: { readonly peer: Peer }) {
  const told = sectionOf(peer, GroupsSection);
  const all = Object.entries(told ?? {});
  const names = new Map(view.value.groups.map(({ id, name }) => [id, name]));
  return (
    <section aria-labelledby="memberships">
      <h2 id="memberships">Groups</h2>
      {all.length === 0 && (
        <p class="hint">{told === undefined ? "This node does not tell them." : "In none."}</p>
      )}
      <ul class="flows">
        {all.map(([id, { machine, role, term, applied, state }]) => (
          <li key={id}>
            <Link screen="groups" to={{ selected: id }}>
              <Said text={names.get(id) ?? machine} max={40} />
            </Link>
            <small>{state === "running" ? role : state}</small>
            <span class="number">
              term {term} · {formatCount(applied)} applied
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
