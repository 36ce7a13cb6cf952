import { signal } from "@preact/signals";
import { source, span } from "./app.ts";
import { inspectorLimits } from "./config.ts";
import { amend, passTo, route } from "./route.ts";

/** Whether what was goes by again, at the pace at which it went. */
export const playing = signal(false);

let timer: ReturnType<typeof setInterval> | undefined;

/** Lets time go by from the moment that is shown: from the first one, where that is the last. */
export function play(): void {
  pause();
  if (source.value.kind === "none") return;
  passTo(route.value.at ?? span.value.from);
  playing.value = true;
  let last = performance.now();
  timer = setInterval(() => {
    const { at } = route.value;
    if (at === undefined) return pause(); // somebody went to the end
    const now = performance.now();
    const next = Math.round(at + now - last);
    last = now;
    if (next < span.value.to) return passTo(next);
    pause();
    amend({ at: undefined }, "replace");
  }, inspectorLimits.paintMs);
}

/** Stays at the moment that is shown. */
export function pause(): void {
  if (!playing.value) return;
  playing.value = false;
  clearInterval(timer);
  amend({}, "replace"); // the address has the moment
}
