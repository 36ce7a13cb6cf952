import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { Empty, Skeleton } from "../parts/states.tsx";

/** A component whose code is loaded when it is first shown. */
export function later(load: () => Promise<ComponentType>): ComponentType {
  const state = signal<{ readonly component?: ComponentType; readonly error?: string }>();
  return function Later() {
    if (state.value === undefined) {
      state.value = {};
      load().then(
        (component) => {
          state.value = { component };
        },
        (error: unknown) => {
          state.value = { error: String(error) };
        },
      );
    }
    const { component: Loaded, error } = state.value ?? {};
    if (error !== undefined) {
      return (
        <Empty title="This screen could not be loaded">
          {error}. Reload the page to try again.
        </Empty>
      );
    }
    return Loaded === undefined ? <Skeleton /> : <Loaded />;
  };
}
