import type { Screen } from "../screen.ts";
import { Groups } from "./groups.tsx";

/** Who agrees with whom, who leads, how far everybody is. */
export const groupsScreen: Screen = {
  id: "groups",
  title: "Groups",
  key: "g",
  icon: "M8 1.8l5.6 4.1-2.1 6.6H4.5L2.4 5.9zM8 6.2v2.6M8 8.8l2.2 1.4M8 8.8l-2.2 1.4",
  component: Groups,
};
