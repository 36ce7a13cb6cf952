import { later } from "../later.tsx";
import type { Screen } from "../screen.ts";

/** What nodes measure, over time. */
export const metricsScreen: Screen = {
  id: "metrics",
  title: "Metrics",
  key: "m",
  icon: "M2 14V2M2 14h12M4.5 11l3-4 2.5 2.5L14 4",
  component: later(async () => (await import("./metrics.tsx")).Metrics),
};
