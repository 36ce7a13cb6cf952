import { Said } from "../parts/text.tsx";
import { leave, paused, source, view } from "../shell/app.ts";
import { setTheme, type Theme, theme } from "../shell/preferences.ts";
import { amend, go, route } from "../shell/route.ts";
import { helpOpen } from "./keys.ts";

const themes: readonly (readonly [Theme, string])[] = [
  ["system", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Which network this is, how it stands with it, and what holds for the whole page. */
export function TopBar() {
  const kind = source.value.kind;
  return (
    <header class="top">
      <span class="brand">
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <rect class="a" x="1" y="1" width="6" height="6" rx="1.5" />
          <rect class="b" x="9" y="1" width="6" height="6" rx="1.5" />
          <rect class="c" x="1" y="9" width="6" height="6" rx="1.5" />
          <rect class="a" x="9" y="9" width="6" height="6" rx="1.5" />
        </svg>
        mosaik
      </span>
      {kind !== "none" && <Where />}
      {kind !== "none" && <Search />}
      <span class="gap" />
      {kind === "network" && (
        <button
          type="button"
          aria-pressed={paused.value}
          title="Stops painting, not collecting"
          onClick={togglePause}
        >
          {paused.value ? "Go on" : "Pause"}
        </button>
      )}
      {kind !== "none" && (
        <button
          type="button"
          onClick={() => void leave().then(() => go("connect", { at: undefined }))}
        >
          Leave
        </button>
      )}
      <label class="unseen" for="theme">
        Theme
      </label>
      <select
        id="theme"
        value={theme.value}
        onChange={(event) => setTheme(event.currentTarget.value as Theme)} // the options are themes
      >
        {themes.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      <button type="button" class="quiet" aria-label="Keys" onClick={openHelp}>
        ?
      </button>
    </header>
  );
}

function togglePause(): void {
  paused.value = !paused.value;
}

function openHelp(): void {
  helpOpen.value = true;
}

function Where() {
  const { snapshot } = view.value;
  const isLive = source.value.kind === "network";
  const state = !isLive ? "recorded" : snapshot.connections > 0 ? "connected" : "alone";
  const words = { recorded: "recording", connected: "connected", alone: "no connection" }[state];
  const name = source.value.kind === "recording" ? source.value.name : snapshot.network;
  return (
    <span class="where">
      <Said text={name} max={40} />
      <span class={`state ${state}`} role="status">
        <span class="dot" aria-hidden="true" />
        {words}
      </span>
    </span>
  );
}

function Search() {
  return (
    <div role="search" class="search">
      <label class="unseen" for="search">
        Search
      </label>
      <input
        id="search"
        type="search"
        placeholder="Filter  /"
        value={route.value.query}
        onInput={(event) => amend({ query: event.currentTarget.value }, "replace")}
      />
    </div>
  );
}
