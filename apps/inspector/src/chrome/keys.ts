import { signal } from "@preact/signals";
import { screens } from "../screens/index.ts";
import { amendMore, go, route } from "../shell/route.ts";

/** Whether the help is open. */
export const helpOpen = signal(false);

/** After `g`, the next key chooses a screen for so long, ms. */
const chordMs = 1_500;
let chordUntil = 0;

/** The keys that work everywhere but where something is typed. */
export function onKey(event: KeyboardEvent): void {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === "Escape" && helpOpen.value) {
    helpOpen.value = false;
    return;
  }
  if (isTyping(event.target)) return;
  const isChord = performance.now() < chordUntil;
  chordUntil = 0;
  if (isChord) {
    const screen = screens.find(({ key }) => key === event.key);
    if (screen !== undefined) go(screen.id);
  } else if (event.key === "g") chordUntil = performance.now() + chordMs;
  else if (event.key === "/") {
    event.preventDefault();
    document.getElementById("search")?.focus();
  } else if (event.key === "?") helpOpen.value = !helpOpen.value;
  else if (event.key === "t" && route.value.screen === "topology") {
    amendMore("as", route.value.more["as"] === "table" ? "" : "table");
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "range"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
