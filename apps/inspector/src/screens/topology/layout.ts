import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from "d3-force";
import type { Edge } from "../../model/edges.ts";

/** A node with a place. */
export interface Placed extends SimulationNodeDatum {
  readonly id: string;
  x: number;
  y: number;
}

type Pull = SimulationLinkDatum<Placed>;

/** What the layout draws together and apart; lengths are of the drawing. */
const forces = { distance: 92, repulsion: -420, apart: 26, home: 0.055, ring: 150 } as const;
/** Below this the layout counts as at rest. */
const restAlpha = 0.02;

/**
 * Places nodes by the forces between them. Where a node begins follows from its id and its role, so
 * the same network looks the same after a reload and at another moment.
 */
export class Layout {
  readonly #simulation: Simulation<Placed, Pull>;
  readonly #links = forceLink<Placed, Pull>([]).id(({ id }) => id);
  readonly #placed = new Map<string, Placed>();
  readonly #homes = new Map<string, { readonly x: number; readonly y: number }>();
  #shape = "";

  constructor() {
    this.#links.distance(forces.distance).strength(0.08);
    this.#simulation = forceSimulation<Placed>([])
      .force("links", this.#links)
      .force("charge", forceManyBody<Placed>().strength(forces.repulsion).distanceMax(600))
      .force("apart", forceCollide<Placed>(forces.apart))
      .force("x", forceX<Placed>(({ id }) => this.#homes.get(id)?.x ?? 0).strength(forces.home))
      .force("y", forceY<Placed>(({ id }) => this.#homes.get(id)?.y ?? 0).strength(forces.home))
      .stop();
  }

  /** Where the nodes are. */
  get placed(): ReadonlyMap<string, Placed> {
    return this.#placed;
  }

  /** Whether nothing moves any more. */
  get isAtRest(): boolean {
    return this.#simulation.alpha() < restAlpha;
  }

  /** Has these nodes and edges, from now on; answers whether that is a change. */
  set(
    nodes: readonly { readonly id: string; readonly role: string }[],
    edges: readonly Edge[],
  ): boolean {
    const pairs = new Set(
      edges.map(({ from, to }) => (from < to ? `${from} ${to}` : `${to} ${from}`)),
    );
    const shape = `${nodes.map(({ id }) => id).join()};${[...pairs].sort().join()}`;
    if (shape === this.#shape) return false;
    this.#shape = shape;
    this.#settle(nodes);
    const pulls = [...pairs].map((pair) => {
      const [source = "", target = ""] = pair.split(" ");
      return { source, target };
    });
    this.#simulation.nodes([...this.#placed.values()]);
    this.#links.links(pulls);
    this.#simulation.alpha(Math.max(this.#simulation.alpha(), 0.6));
    return true;
  }

  /** Moves everything a little. */
  tick(): void {
    this.#simulation.tick();
  }

  /** Moves everything until it is at rest, at once. */
  rest(): void {
    for (let turn = 0; turn < 300 && !this.isAtRest; turn++) this.#simulation.tick();
  }

  /** Has a node stay where it is put, or lets go of it. */
  pin(id: string, at: { readonly x: number; readonly y: number } | undefined): void {
    const placed = this.#placed.get(id);
    if (placed === undefined) return;
    placed.fx = at?.x ?? null;
    placed.fy = at?.y ?? null;
    if (at !== undefined) Object.assign(placed, at);
    this.#simulation.alpha(Math.max(this.#simulation.alpha(), 0.3));
  }

  /** Whether a node was put somewhere. */
  isPinned(id: string): boolean {
    return typeof this.#placed.get(id)?.fx === "number";
  }

  #settle(nodes: readonly { readonly id: string; readonly role: string }[]): void {
    const roles = [...new Set(nodes.map(({ role }) => role))].sort();
    const present = new Set(nodes.map(({ id }) => id));
    for (const id of this.#placed.keys()) if (!present.has(id)) this.#placed.delete(id);
    const reach = forces.ring + 14 * Math.sqrt(nodes.length);
    for (const { id, role } of nodes) {
      const turn = (2 * Math.PI * roles.indexOf(role)) / roles.length - Math.PI / 2;
      const home = { x: 1.35 * reach * Math.cos(turn), y: reach * Math.sin(turn) };
      this.#homes.set(id, home);
      if (this.#placed.has(id)) continue;
      const [a, b] = chance(id);
      this.#placed.set(id, { id, x: home.x + 160 * (a - 0.5), y: home.y + 160 * (b - 0.5) });
    }
    for (const id of this.#homes.keys()) if (!present.has(id)) this.#homes.delete(id);
  }
}

/** Two numbers from 0 to 1 that follow from an id (FNV-1a). */
function chance(id: string): readonly [number, number] {
  let hash = 0x811c9dc5;
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  const bits = hash >>> 0;
  return [(bits & 0xffff) / 0xffff, (bits >>> 16) / 0xffff];
}
