import type { Snapshot } from "../model/snapshot.ts";
import { inWords, type Telling } from "../model/tellings.ts";
import { view } from "../shell/app.ts";
import { formatClock, formatMoment } from "./format.ts";
import { PeerLink } from "./link.tsx";

/** Events, one a line: when, who, what. */
export function EventList({
  tellings,
  snapshot,
  label,
}: {
  readonly tellings: readonly Telling[];
  readonly snapshot: Snapshot;
  readonly label: string;
}) {
  const { groups } = view.value;
  return (
    <ol class="events" aria-label={label}>
      {tellings.map((telling) => (
        <li
          key={`${telling.event.peer} ${telling.event.sequence} ${telling.event.at}`}
          class={`tone-${telling.tone}`}
        >
          <time dateTime={formatMoment(telling.event.at)} title={formatMoment(telling.event.at)}>
            {formatClock(telling.event.at)}
          </time>
          <PeerLink id={telling.subject} snapshot={snapshot} />
          <span class="what">
            {inWords(telling, snapshot, groups)}
            {telling.tellers > 1 && <small> told by {telling.tellers}</small>}
          </span>
        </li>
      ))}
    </ol>
  );
}
