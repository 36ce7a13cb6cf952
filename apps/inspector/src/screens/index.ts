import { connectScreen } from "./connect/index.ts";
import { eventsScreen } from "./events/index.ts";
import { groupsScreen } from "./groups/index.ts";
import { latencyScreen } from "./latency/index.ts";
import { metricsScreen } from "./metrics/index.ts";
import { nodeScreen } from "./node/index.ts";
import { overviewScreen } from "./overview/index.ts";
import { playgroundScreen } from "./playground/index.ts";
import type { Screen } from "./screen.ts";
import { storesScreen } from "./stores/index.ts";
import { streamsScreen } from "./streams/index.ts";
import { topologyScreen } from "./topology/index.ts";

/** All screens, in the order of the navigation. */
export const screens: readonly Screen[] = [
  connectScreen,
  overviewScreen,
  topologyScreen,
  nodeScreen,
  groupsScreen,
  streamsScreen,
  storesScreen,
  eventsScreen,
  latencyScreen,
  metricsScreen,
  playgroundScreen,
];
