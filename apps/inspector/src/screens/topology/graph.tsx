import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Edge } from "../../model/edges.ts";
import { looksOf, nameOf, roleOf, rolesIn } from "../../model/identity.ts";
import type { Peer, Snapshot } from "../../model/snapshot.ts";
import { outlineOf } from "../../parts/peer-mark.tsx";
import { Camera } from "./camera.ts";
import { Layout } from "./layout.ts";
import { pathOf, strokesOf } from "./strokes.ts";

const nodeRadius = 12;

/** What the graph draws and tells. */
export interface GraphProps {
  readonly snapshot: Snapshot;
  readonly peers: readonly Peer[];
  readonly edges: readonly Edge[];
  readonly leaders: ReadonlySet<string>;
  readonly selected: string;
  readonly other: string;
  readonly onSelect: (id: string, isOther: boolean) => void;
}

/** The network as a drawing. The same is in the table beside it, for those who do not see it. */
export function Graph(props: GraphProps) {
  const { snapshot, peers, edges, leaders, selected, other, onSelect } = props;
  const svg = useRef<SVGSVGElement>(null);
  const world = useRef<SVGGElement>(null);
  const layout = useMemo(() => new Layout(), []);
  const camera = useMemo(() => new Camera(), []);
  const roles = rolesIn(snapshot);
  const anyHot = selected !== "";
  const isHot = ({ from, to }: Edge): boolean => anyHot && (from === selected || to === selected);
  const strokes = strokesOf(edges, isHot, anyHot);
  const near = new Set(edges.filter(isHot).flatMap(({ from, to }) => [from, to]));
  const drawn = useRef(strokes);
  drawn.current = strokes;

  const draw = (): void => {
    if (world.current === null) return;
    for (const element of world.current.querySelectorAll<SVGGElement>("g.node")) {
      const place = layout.placed.get(element.dataset["id"] ?? "");
      if (place)
        element.setAttribute("transform", `translate(${place.x.toFixed(1)},${place.y.toFixed(1)})`);
    }
    const paths = world.current.querySelectorAll<SVGPathElement>("path.edge");
    for (const [at, stroke] of drawn.current.entries()) {
      paths[at]?.setAttribute("d", pathOf(stroke, layout.placed));
    }
  };

  useEffect(() => {
    if (svg.current === null || world.current === null) return;
    return camera.attach(svg.current, world.current, layout, draw);
  }, []);

  useEffect(() => {
    const changed = layout.set(
      peers.map((peer) => ({ id: peer.id, role: roleOf(peer) })),
      edges,
    );
    if (changed && (matchMedia("(prefers-reduced-motion: reduce)").matches || camera.isFresh))
      layout.rest();
    camera.fit(layout);
    draw();
    let frame = 0;
    const step = (): void => {
      if (layout.isAtRest) return;
      layout.tick();
      camera.fit(layout);
      draw();
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [peers.map(({ id }) => id).join(), edges.map(({ from, to }) => from + to).join()]);

  // Every picture of the network is another one; the drawing changes only with what it shows.
  useEffect(draw, [strokes.map(({ key, edges: own }) => `${key}${own.length}`).join(), selected]);

  const looks = peers.map((peer) => {
    const lost = peer.access?.state === "failed";
    const mark = leaders.has(peer.id) ? "leader" : "";
    const state =
      peer.id === selected
        ? "selected"
        : peer.id === other
          ? "other"
          : anyHot && !near.has(peer.id)
            ? "dim"
            : "";
    return { peer, id: peer.id, role: roleOf(peer), name: nameOf(peer), lost, mark, state };
  });
  const nodes = useMemo(
    () =>
      looks.map(({ id, role, name, lost, mark, state }) => {
        const { shape, letter, color } = looksOf(role, roles);
        const said = [name, role, mark, lost ? "does not answer inspection" : ""].filter(
          (each) => each !== "",
        );
        return (
          <g
            key={id}
            class={`node ${state} ${lost ? "lost" : ""}`}
            data-id={id}
            role="button"
            tabIndex={id === (selected || looks[0]?.id) ? 0 : -1}
            aria-label={`${letter} ${said.join(", ")}`}
            aria-pressed={id === selected}
            onClick={(event) => onSelect(id, event.shiftKey)}
            onKeyDown={(event) => onKey(event, id, layout, onSelect)}
          >
            <circle class="halo" r={nodeRadius + 6} />
            <path class={`role-${color}`} d={outlineOf(shape, nodeRadius)} />
            <text class="letter" y={shape === "triangle" ? 6 : 4} text-anchor="middle">
              {letter}
            </text>{" "}
            {mark !== "" && <path class="crown" d="M-6,-15l2.5,3.2L0,-17l3.5,5.2L6,-15v6H-6Z" />}
            <text class="label" y={nodeRadius + 16} text-anchor="middle">
              {name}
            </text>
          </g>
        );
      }),
    [
      looks
        .map(({ id, role, name, lost, mark, state }) => `${id}${role}${name}${lost}${mark}${state}`)
        .join(),
      roles.join(),
    ],
  );
  return (
    <svg
      ref={svg}
      class="graph"
      role="group"
      aria-label="The network as a graph. The key t shows it as a table."
    >
      <g ref={world}>
        <g aria-hidden="true">
          {strokes.map((stroke) => (
            <path key={stroke.key} class={stroke.class} />
          ))}
        </g>
        {nodes}
      </g>
    </svg>
  );
}

const ways: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Arrows go to the nearest node that way, Enter selects, with shift as the other one; p pins. */
function onKey(
  event: KeyboardEvent,
  id: string,
  layout: Layout,
  onSelect: GraphProps["onSelect"],
): void {
  const here = layout.placed.get(id);
  if (here === undefined) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    return onSelect(id, event.shiftKey);
  }
  if (event.key === "p")
    return layout.pin(id, layout.isPinned(id) ? undefined : { x: here.x, y: here.y });
  const way = ways[event.key];
  if (way === undefined) return;
  event.preventDefault();
  const scored = [...layout.placed.values()].flatMap((there) => {
    const [dx, dy] = [there.x - here.x, there.y - here.y];
    const along = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    return along <= 0 ? [] : [{ id: there.id, score: along + 2 * aside }];
  });
  const [best] = scored.sort((a, b) => a.score - b.score);
  const svg = event.currentTarget instanceof Element ? event.currentTarget.closest("svg") : null;
  for (const element of svg?.querySelectorAll<SVGGElement>("g.node") ?? []) {
    if (element.dataset["id"] === best?.id) element.focus();
  }
}
