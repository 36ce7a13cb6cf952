import type { Screen } from "../screen.ts";
import { NodeScreen } from "./node.tsx";

/** One node: what it is, whom it knows, what it does. */
export const nodeScreen: Screen = {
  id: "node",
  title: "Nodes",
  key: "n",
  icon: "M3 3h10v4H3zM3 9h10v4H3zM5.5 5h.01M5.5 11h.01",
  component: NodeScreen,
};
