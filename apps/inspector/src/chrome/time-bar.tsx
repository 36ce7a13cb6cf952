import { density } from "../model/density.ts";
import { formatClock, formatMoment } from "../parts/format.ts";
import { clock, live, source, span } from "../shell/app.ts";
import { pause, play, playing } from "../shell/playback.ts";
import { amend, route } from "../shell/route.ts";

const bars = 120;

/** When what is shown was: a slider over all that is remembered, and the way back to now. */
export function TimeBar() {
  if (source.value.kind === "none") return null;
  const { from, to } = span.value;
  const { at } = route.value;
  const end = source.value.kind === "network" ? Math.max(to, clock.value) : to;
  const shown = at ?? end;
  const events = live.value.events;
  const counts = density(events, from, end, bars);
  const most = Math.max(1, ...counts);
  const jump = (way: 1 | -1): void => {
    const next =
      way === 1
        ? events.find((event) => event.at > shown)
        : events.findLast((event) => event.at < shown);
    if (next !== undefined) amend({ at: next.at }, "replace");
  };
  return (
    <footer class={`time ${at === undefined ? "" : "past"}`}>
      {at === undefined ? (
        <span class="now">{source.value.kind === "network" ? "Live" : "End"}</span>
      ) : (
        <button type="button" class="primary" onClick={() => amend({ at: undefined })}>
          {source.value.kind === "network" ? "Back to live" : "To the end"}
        </button>
      )}
      <button
        type="button"
        class="quiet"
        aria-label={playing.value ? "Stop the time" : "Play"}
        onClick={playing.value ? pause : play}
      >
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
          <path d={playing.value ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4.5 2.5v11l8.5-5.5z"} />
        </svg>
      </button>
      <button type="button" class="quiet" aria-label="To the event before" onClick={() => jump(-1)}>
        ‹
      </button>
      <div class="track">
        <svg viewBox={`0 0 ${bars} 20`} preserveAspectRatio="none" aria-hidden="true">
          {counts.map((count, place) =>
            count === 0 ? null : (
              <rect
                key={place}
                x={place + 0.15}
                width={0.7}
                y={20 - Math.max(2, (20 * Math.sqrt(count)) / Math.sqrt(most))}
                height={20}
              />
            ),
          )}
        </svg>
        <input
          type="range"
          aria-label="Moment"
          aria-valuetext={at === undefined ? "live" : formatClock(at)}
          min={from}
          max={Math.max(end, from + 1)}
          step={100}
          value={shown}
          onInput={(event) => amend({ at: Number(event.currentTarget.value) }, "replace")}
        />
      </div>
      <button type="button" class="quiet" aria-label="To the next event" onClick={() => jump(1)}>
        ›
      </button>
      <time dateTime={formatMoment(shown || 0)}>{formatClock(shown)}</time>
      {at !== undefined && (
        <span class="banner" role="status">
          As it was
        </span>
      )}
    </footer>
  );
}
