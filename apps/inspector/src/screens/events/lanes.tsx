import type { Happened } from "../../model/fact.ts";
import { nameIn, peersOf } from "../../model/identity.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { formatClock } from "../../parts/format.ts";
import { amend } from "../../shell/route.ts";

const lanesMax = 24;
const marksMax = 1_500;
const laneHeight = 18;
const width = 1_000;

/** A lane for each node, and a mark for each event. A click goes to that moment. */
export function Lanes({
  events,
  snapshot,
}: {
  readonly events: readonly Happened[];
  readonly snapshot: Snapshot;
}) {
  const newest = events.slice(-marksMax);
  const from = newest[0]?.at ?? 0;
  const to = Math.max(from + 1, newest.at(-1)?.at ?? 0);
  const known = peersOf(snapshot, true).map(({ id }) => id);
  const tellers = new Set(newest.map(({ peer }) => peer));
  const lanes = [...new Set([...known, ...tellers])]
    .filter((id) => tellers.has(id))
    .slice(0, lanesMax);
  const pick = (event: MouseEvent & { readonly currentTarget: SVGSVGElement }): void => {
    const { left, width: seen } = event.currentTarget.getBoundingClientRect();
    amend({ at: Math.round(from + ((event.clientX - left) / seen) * (to - from)) });
  };
  return (
    <figure class="lanes">
      <ul aria-hidden="true">
        {lanes.map((id) => (
          <li key={id}>{nameIn(snapshot, id)}</li>
        ))}
      </ul>
      <svg
        viewBox={`0 0 ${width} ${lanes.length * laneHeight}`}
        height={lanes.length * laneHeight}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Events of ${lanes.length} nodes from ${formatClock(from)} to ${formatClock(to)}; the list below has them too`}
        onClick={pick}
      >
        {lanes.map((id, lane) => (
          <path key={id} class="lane" d={`M0,${(lane + 0.5) * laneHeight}H${width}`} />
        ))}
        {["plain", "good", "bad"].map((tone) => (
          <path key={tone} class={`marks ${tone}`} d={marksOf(newest, lanes, tone, from, to)} />
        ))}
      </svg>
      <figcaption>
        <span>{formatClock(from)}</span>
        <span>{formatClock(to)}</span>
      </figcaption>
    </figure>
  );
}

function marksOf(
  events: readonly Happened[],
  lanes: readonly string[],
  tone: string,
  from: number,
  to: number,
): string {
  let path = "";
  for (const { at, peer, name } of events) {
    const lane = lanes.indexOf(peer);
    if (lane < 0 || toneOf(name) !== tone) continue;
    const x = ((at - from) / (to - from)) * width;
    path += `M${x.toFixed(1)},${lane * laneHeight + 4}v${laneHeight - 8}`;
  }
  return path;
}

function toneOf(name: string): string {
  if (/departed|refused|lost|halted|alarm|disconnected/.test(name)) return "bad";
  return /leader|discovered|subscribed/.test(name) ? "good" : "plain";
}
