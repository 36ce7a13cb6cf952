import { mix } from "../simulation/machine.ts";
import { World, type WorldPlan } from "./world.ts";

/** What the exploration of a world came to. */
export interface Exploration {
  readonly name: string;
  /** Distinct states met. */
  readonly states: number;
  /** Whether there was nothing left to explore. */
  readonly exhausted: boolean;
  readonly depth: number;
  readonly violation: string | undefined;
  /** The actions that led to it. */
  readonly path: readonly string[];
}

/** Meets every state of a world, nearest first, up to a number of states. */
export function explore(plan: WorldPlan): Exploration {
  const parents: number[] = [-1];
  const actions: string[] = [""];
  const seen = new Set<number>([hashOf(new World(plan).fingerprint())]);
  const pathTo = (state: number): string[] => {
    const path: string[] = [];
    for (let at = state; at > 0; at = parents[at] ?? 0) path.push(actions[at] ?? "");
    return path.reverse();
  };
  let depth = 0;
  for (let state = 0; state < parents.length; state++) {
    const path = pathTo(state);
    depth = path.length;
    const summary = { name: plan.name, states: seen.size, depth };
    if (seen.size >= plan.statesMax) {
      return { ...summary, exhausted: false, violation: undefined, path: [] };
    }
    for (const action of replay(plan, path).actions()) {
      const world = replay(plan, path);
      try {
        world.act(action);
      } catch (error) {
        const violation = error instanceof Error ? error.message : `${error}`;
        return { ...summary, exhausted: false, violation, path: [...path, action] };
      }
      const hash = hashOf(world.fingerprint());
      if (seen.has(hash)) continue;
      seen.add(hash);
      parents.push(state);
      actions.push(action);
    }
  }
  return {
    name: plan.name,
    states: seen.size,
    exhausted: true,
    depth,
    violation: undefined,
    path: [],
  };
}

function replay(plan: WorldPlan, path: readonly string[]): World {
  const world = new World(plan);
  for (const action of path) world.act(action);
  return world;
}

/** 52 bits of a text. */
function hashOf(text: string): number {
  let [a, b] = [1, 2];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = mix(a, code);
    b = Math.imul(b ^ code, 0x01000193);
  }
  return a * 2 ** 20 + ((b >>> 0) & 0xfffff);
}
