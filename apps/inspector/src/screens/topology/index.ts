import type { Screen } from "../screen.ts";
import { Topology } from "./topology.tsx";

/** Who is connected with whom, and what flows between them. */
export const topologyScreen: Screen = {
  id: "topology",
  title: "Topology",
  key: "t",
  icon: "M8 2.5a1.5 1.5 0 1 0 .01 0M3 12a1.5 1.5 0 1 0 .01 0M13 12a1.5 1.5 0 1 0 .01 0M7.3 5.4 3.8 11.9M8.7 5.4l3.5 6.5M4.6 13.5h6.8",
  component: Topology,
};
