import { later } from "../later.tsx";
import type { Screen } from "../screen.ts";

/** A cluster within the page, to be harmed. */
export const playgroundScreen: Screen = {
  id: "playground",
  title: "Playground",
  key: "p",
  icon: "M6 2h4M7 2v4L3 13a1 1 0 0 0 1 1.3h8A1 1 0 0 0 13 13L9 6V2M5 10h6",
  standsAlone: true,
  component: later(async () => (await import("./playground.tsx")).Playground),
};
