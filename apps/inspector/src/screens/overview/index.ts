import type { Screen } from "../screen.ts";
import { Overview } from "./overview.tsx";

/** The state of the network in a line, what is wrong, what happened. */
export const overviewScreen: Screen = {
  id: "overview",
  title: "Overview",
  key: "o",
  icon: "M2 2h5v6H2zM9 2h5v4H9zM9 8h5v6H9zM2 10h5v4H2z",
  component: Overview,
};
