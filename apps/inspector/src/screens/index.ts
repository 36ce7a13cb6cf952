import { connectScreen } from "./connect/index.ts";
import { overviewScreen } from "./overview/index.ts";
import type { Screen } from "./screen.ts";
import { topologyScreen } from "./topology/index.ts";

/** All screens, in the order of the navigation. */
export const screens: readonly Screen[] = [connectScreen, overviewScreen, topologyScreen];
