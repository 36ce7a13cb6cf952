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
const forces = {
  distance: 92,
  repulsion: -420,
  repulsionReach: 600,
  apart: 26,
  home: 0.055,
  /** Of a node without an edge: nothing else keeps it near the others. */
  homeAlone: 0.15,
  ring: 90,
  ringPerNode: 18,
  /** The drawing is so much wider than high. */
  wide: 1.6,
} as const;
/** How much everything moves after a change: with the share of what changed, and after a pin. */
const heat = { min: 0.05, max: 0.6, pin: 0.3 } as const;
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
  #pairs: ReadonlySet<string> = new Set();
  /** The nodes that have an edge. */
  #linked: ReadonlySet<string> = new Set();

  constructor() {
    const homing = ({ id }: Placed): number =>
      this.#linked.has(id) ? forces.home : forces.homeAlone;
    const homingDown = (node: Placed): number => forces.wide * homing(node);
    this.#links.distance(forces.distance).strength(0.08);
    this.#simulation = forceSimulation<Placed>([])
      .force("links", this.#links)
      .force(
        "charge",
        forceManyBody<Placed>().strength(forces.repulsion).distanceMax(forces.repulsionReach),
      )
      .force("apart", forceCollide<Placed>(forces.apart))
      .force("x", forceX<Placed>(({ id }) => this.#homes.get(id)?.x ?? 0).strength(homing))
      .force("y", forceY<Placed>(({ id }) => this.#homes.get(id)?.y ?? 0).strength(homingDown))
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
    const changes = this.#settle(nodes) + differing(pairs, this.#pairs);
    if (changes === 0) return false;
    this.#pairs = pairs;
    const pulls = [...pairs].map((pair) => {
      const [source = "", target = ""] = pair.split(" ");
      return { source, target };
    });
    this.#linked = new Set([...pairs].flatMap((pair) => pair.split(" ")));
    this.#simulation.nodes([...this.#placed.values()]);
    this.#links.links(pulls);
    const share = changes / (nodes.length + pairs.size + 1);
    this.#heat(Math.min(heat.max, heat.min + share));
    return true;
  }

  /** Moves everything a little. */
  tick(): void {
    this.#simulation.tick();
  }

  /** Has a node stay where it is put, or lets go of it. */
  pin(id: string, at: { readonly x: number; readonly y: number } | undefined): void {
    const placed = this.#placed.get(id);
    if (placed === undefined) return;
    placed.fx = at?.x ?? null;
    placed.fy = at?.y ?? null;
    if (at !== undefined) Object.assign(placed, at);
    this.#heat(heat.pin);
  }

  /** Whether a node was put somewhere. */
  isPinned(id: string): boolean {
    return typeof this.#placed.get(id)?.fx === "number";
  }

  #heat(alpha: number): void {
    this.#simulation.alpha(Math.max(this.#simulation.alpha(), alpha));
  }

  /** Has these nodes, and a place for each; answers how many came or went. */
  #settle(nodes: readonly { readonly id: string; readonly role: string }[]): number {
    let changes = 0;
    const roles = [...new Set(nodes.map(({ role }) => role))].sort();
    const present = new Set(nodes.map(({ id }) => id));
    for (const id of this.#placed.keys()) {
      if (!present.has(id) && this.#placed.delete(id)) changes += 1;
    }
    const counts = new Map<string, number>();
    for (const { role } of nodes) counts.set(role, (counts.get(role) ?? 0) + 1);
    const reach = forces.ring + forces.ringPerNode * Math.sqrt(nodes.length);
    for (const { id, role } of nodes) {
      const turn = (2 * Math.PI * roles.indexOf(role)) / roles.length - Math.PI;
      const home = { x: forces.wide * reach * Math.cos(turn), y: reach * Math.sin(turn) };
      this.#homes.set(id, home);
      if (this.#placed.has(id)) continue;
      changes += 1;
      const [a, b] = chance(id);
      // so far apart that they hardly overlap: many at one place take long to come free of each other
      const spread = 2 * forces.apart * Math.sqrt(Math.max(9, counts.get(role) ?? 0));
      const [x, y] = [home.x + spread * (a - 0.5), home.y + spread * (b - 0.5)];
      this.#placed.set(id, { id, x, y });
    }
    for (const id of this.#homes.keys()) if (!present.has(id)) this.#homes.delete(id);
    return changes;
  }
}

/** How many of two sets are in one of them only. */
function differing(one: ReadonlySet<string>, two: ReadonlySet<string>): number {
  let common = 0;
  for (const each of one) if (two.has(each)) common += 1;
  return one.size + two.size - 2 * common;
}

/** Two numbers from 0 to 1 that follow from an id (FNV-1a). */
function chance(id: string): readonly [number, number] {
  let hash = 0x811c9dc5;
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  const bits = hash >>> 0;
  return [(bits & 0xffff) / 0xffff, (bits >>> 16) / 0xffff];
}
