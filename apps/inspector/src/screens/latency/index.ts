import type { Screen } from "../screen.ts";
import { Latency } from "./latency.tsx";

/** Round-trip times between all pairs. */
export const latencyScreen: Screen = {
  id: "latency",
  title: "Latency",
  key: "l",
  icon: "M2 2h4v4H2zM6 6h4v4H6zM10 10h4v4h-4zM10 2h4v4h-4zM2 10h4v4H2z",
  component: Latency,
};
