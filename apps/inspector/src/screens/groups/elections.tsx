import type { Group } from "../../model/groups.ts";
import { reignsOf } from "../../model/reigns.ts";
import { formatClock, formatSpan } from "../../parts/format.ts";
import { PeerLink } from "../../parts/link.tsx";
import { asOf, view } from "../../shell/app.ts";

const shownMax = 12;
/** A group has few members: their bars have the colours of roles, in the order of the members. */
const colors = 8;

/** Who led when: a bar by term, and the same as a list. */
export function Elections({ group }: { readonly group: Group }) {
  const { events, snapshot } = view.value;
  const reigns = reignsOf(events, group.id).slice(0, shownMax);
  const oldest = reigns.at(-1)?.from ?? 0;
  const end = Math.max(asOf.value, snapshot.at, oldest + 1);
  const place = (at: number): number => (100 * (at - oldest)) / (end - oldest);
  const colorOf = (leader: string | undefined): number =>
    Math.max(
      0,
      group.members.findIndex(({ peer }) => peer === leader),
    ) % colors;
  return (
    <section aria-labelledby="elections">
      <h2 id="elections">Leaders by term</h2>
      {reigns.length === 0 ? (
        <p class="hint">No election within what is remembered.</p>
      ) : (
        <>
          <svg class="reigns" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            {reigns.map(({ term, leader, from }, at) => {
              const until = at === 0 ? end : (reigns[at - 1]?.from ?? end);
              const width = Math.max(0.4, place(until) - place(from) - 0.2);
              return leader === undefined ? null : (
                <rect
                  key={term}
                  class={`role-${colorOf(leader)}`}
                  x={place(from)}
                  width={width}
                  height="6"
                />
              );
            })}
          </svg>
          <ol class="log">
            {reigns.map(({ term, leader, from, witnesses }, at) => {
              const until = at === 0 ? end : (reigns[at - 1]?.from ?? end);
              return (
                <li key={term}>
                  <time>{formatClock(from)}</time>
                  <span>
                    term {term}:{" "}
                    {leader === undefined ? (
                      "nobody was elected"
                    ) : (
                      <PeerLink id={leader} snapshot={snapshot} />
                    )}{" "}
                    <small>
                      for {formatSpan(until - from)}, seen by {witnesses}
                    </small>
                  </span>
                </li>
              );
            })}
          </ol>
        </>
      )}
    </section>
  );
}
