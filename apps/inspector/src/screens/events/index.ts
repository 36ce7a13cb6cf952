import type { Screen } from "../screen.ts";
import { Events } from "./events.tsx";

/** All that happened, on one axis of time; what was recorded, in and out. */
export const eventsScreen: Screen = {
  id: "events",
  title: "Events",
  key: "e",
  icon: "M2 4h12M2 8h12M2 12h12M5 2.5v3M10 6.5v3M7 10.5v3",
  component: Events,
};
