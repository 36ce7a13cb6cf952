import type { Screen } from "../screen.ts";
import { Stores } from "./stores.tsx";

/** Collections that nodes share: what is in them, whether the copies agree. */
export const storesScreen: Screen = {
  id: "stores",
  title: "Stores",
  key: "k",
  icon: "M2.5 4c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2-2.5 2-5.5 2-5.5-.8-5.5-2zM2.5 4v8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2V4M2.5 8c0 1.2 2.5 2 5.5 2s5.5-.8 5.5-2",
  component: Stores,
};
