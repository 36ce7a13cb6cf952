import type { Screen } from "../screen.ts";
import { Streams } from "./streams.tsx";

/** What flows from whom to whom, how fast, and what does not. */
export const streamsScreen: Screen = {
  id: "streams",
  title: "Streams",
  key: "s",
  icon: "M1.5 5.5c2.2-3 4.3-3 6.5 0s4.3 3 6.5 0M1.5 10.5c2.2-3 4.3-3 6.5 0s4.3 3 6.5 0",
  component: Streams,
};
