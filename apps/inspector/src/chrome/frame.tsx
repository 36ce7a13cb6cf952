import { useEffect, useLayoutEffect } from "preact/hooks";
import { screens } from "../screens/index.ts";
import type { Screen } from "../screens/screen.ts";
import { progress, source, view } from "../shell/app.ts";
import { go, route } from "../shell/route.ts";
import { Help } from "./help.tsx";
import { onKey } from "./keys.ts";
import { Navigation } from "./navigation.tsx";
import { TimeBar } from "./time-bar.tsx";
import { TopBar } from "./top-bar.tsx";

/** The page: navigation, the screen of the route, time. */
export function Frame() {
  const screen = screenOf(route.value.screen);
  // Before it is seen: a key that is pressed at once counts.
  useLayoutEffect(() => {
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  useEffect(() => {
    document.title = `${screen.title} · mosaik`;
    document.getElementById("title")?.focus({ preventScroll: true });
  }, [screen.id]);
  // Once the network is there, whoever only asked to join sees it.
  const isIn = progress.value?.step === 5 && view.value.snapshot.peers.size > 1;
  useEffect(() => {
    if (isIn && ["", "connect"].includes(route.value.screen)) go("overview");
  }, [isIn]);
  const Shown = screen.component;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <TopBar />
      <Navigation current={screen.id} />
      <main id="main" tabIndex={-1}>
        <Shown key={screen.id} />
      </main>
      <TimeBar />
      <Help />
    </>
  );
}

/** The screen of a name. Without anything to show, only those that stand alone make sense. */
function screenOf(id: string): Screen {
  const [first] = screens;
  if (first === undefined) throw new Error("there is a screen");
  const isEmpty = source.value.kind === "none" || (progress.value && progress.value.step < 4);
  const fallback = source.value.kind === "none" || isEmpty ? first : screens[1];
  const wanted = screens.find((screen) => screen.id === id) ?? fallback ?? first;
  return isEmpty && !wanted.standsAlone ? first : wanted;
}
