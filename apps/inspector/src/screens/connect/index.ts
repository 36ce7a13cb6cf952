import type { Screen } from "../screen.ts";
import { Connect } from "./connect.tsx";

/** Joins a network, or opens a recording. */
export const connectScreen: Screen = {
  id: "connect",
  title: "Connect",
  key: "c",
  icon: "M6 3v4M10 3v4M4 7h8v2a4 4 0 0 1-8 0zM8 13v2",
  standsAlone: true,
  component: Connect,
};
