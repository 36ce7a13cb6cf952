import type { Edge } from "../../model/edges.ts";

/** Where something is drawn. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Edges that look the same, drawn as one path: thousands of them cost no more than a few. */
export interface Stroke {
  readonly key: string;
  readonly class: string;
  readonly edges: readonly Bent[];
}

/** An edge, and how far it is bent aside so that those of one pair do not hide each other. */
interface Bent {
  readonly edge: Edge;
  readonly bend: number;
}

const bendStep = 16;
const nodeRadius = 15;

/** Puts edges that look the same together. `isHot` are those that stand out, `isDim` those behind. */
export function strokesOf(
  edges: readonly Edge[],
  isHot: (edge: Edge) => boolean,
  anyHot: boolean,
): Stroke[] {
  const strokes = new Map<string, { key: string; class: string; edges: Bent[] }>();
  const count = new Map<string, number>();
  for (const edge of edges) {
    const { from, to, kind, relayed, inferred } = edge;
    const pair = from < to ? `${from} ${to}` : `${to} ${from}`;
    const place = count.get(pair) ?? 0;
    count.set(pair, place + 1);
    const side = from < to ? 1 : -1;
    const bend = side * (place % 2 === 0 ? 1 : -1) * Math.ceil(place / 2) * bendStep;
    const hot = isHot(edge);
    const look = hot ? "hot" : anyHot ? "dim" : "calm";
    const dash = relayed ? "relayed" : inferred ? "inferred" : "";
    const key = `${kind} ${dash} ${look}`;
    const stroke = strokes.get(key) ?? { key, class: `edge ${kind} ${dash} ${look}`, edges: [] };
    stroke.edges.push({ edge, bend });
    strokes.set(key, stroke);
  }
  return [...strokes.values()].sort(
    (a, b) => Number(a.key.endsWith("hot")) - Number(b.key.endsWith("hot")),
  );
}

/** The path of a stroke: lines, and heads for those with a direction, where they can be seen. */
export function pathOf(
  { edges }: Stroke,
  placed: ReadonlyMap<string, Place>,
  hasHeads: boolean,
): string {
  let path = "";
  for (const { edge, bend } of edges) {
    const from = placed.get(edge.from);
    const to = placed.get(edge.to);
    if (from === undefined || to === undefined) continue;
    path += lineOf(from, to, bend, hasHeads && edge.kind === "stream");
  }
  return path;
}

function between(from: Place, to: Place): readonly [number, number, number] {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  return [dx, dy, Math.max(1, Math.hypot(dx, dy))];
}

function lineOf(from: Place, to: Place, bend: number, hasHead: boolean): string {
  const [dx, dy, length] = between(from, to);
  const [ux, uy] = [dx / length, dy / length];
  const startX = from.x + ux * nodeRadius;
  const startY = from.y + uy * nodeRadius;
  const endX = to.x - ux * nodeRadius;
  const endY = to.y - uy * nodeRadius;
  const controlX = (from.x + to.x) / 2 - bend * uy;
  const controlY = (from.y + to.y) / 2 + bend * ux;
  const way = bend === 0 ? "L" : `Q${round(controlX)},${round(controlY)} `;
  const line = `M${round(startX)},${round(startY)}${way}${round(endX)},${round(endY)}`;
  if (!hasHead) return line;
  const [hx, hy] = [endX - controlX, endY - controlY];
  const reach = Math.max(1, Math.hypot(hx, hy));
  const [vx, vy] = [hx / reach, hy / reach];
  const wing = (side: number): string =>
    `${round(endX - 6 * vx - side * 3.2 * vy)},${round(endY - 6 * vy + side * 3.2 * vx)}`;
  return `${line}M${wing(1)}L${round(endX)},${round(endY)}L${wing(-1)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
