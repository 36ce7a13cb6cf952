import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Edge } from "../../model/edges.ts";
import { looksOf } from "../../model/identity.ts";
import { Camera } from "./camera.ts";
import { Layout } from "./layout.ts";
import { MarkNode } from "./mark-node.tsx";
import type { Mark } from "./marks.ts";
import { type Place, pathOf, strokesOf } from "./strokes.ts";

/** So much of a frame goes into finding places that are not shown yet, ms. */
const sliceMs = 10;

/** What the graph draws and tells. */
export interface GraphProps {
  readonly marks: readonly Mark[];
  readonly edges: readonly Edge[];
  /** All roles of the network: how one looks follows from its place among them. */
  readonly roles: readonly string[];
  readonly selected: string;
  readonly other: string;
  readonly onSelect: (id: string, isOther: boolean) => void;
}

/** The network as a drawing. The same is in the table beside it, for those who do not see it. */
export function Graph(props: GraphProps) {
  const { marks, edges, roles, selected, other, onSelect } = props;
  const svg = useRef<SVGSVGElement>(null);
  const world = useRef<SVGGElement>(null);
  const layout = useMemo(() => new Layout(), []);
  const camera = useMemo(() => new Camera(), []);
  const anyHot = selected !== "";
  const isHot = ({ from, to }: Edge): boolean => anyHot && (from === selected || to === selected);
  const strokes = strokesOf(edges, isHot, anyHot);
  const near = new Set(edges.filter(isHot).flatMap(({ from, to }) => [from, to]));
  const frame = useRef(0);
  const drawn = useRef(strokes);
  drawn.current = strokes;
  /** Where everything is drawn: not where it is, while that is still being found. */
  const places = useRef<ReadonlyMap<string, Place>>(new Map());

  const draw = (): void => {
    if (world.current === null) return;
    for (const element of world.current.querySelectorAll<SVGGElement>("g.node")) {
      const place = places.current.get(element.dataset["id"] ?? "");
      if (place)
        set(element, "transform", `translate(${place.x.toFixed(1)},${place.y.toFixed(1)})`);
    }
    const paths = world.current.querySelectorAll<SVGPathElement>("path.edge");
    for (const [at, stroke] of drawn.current.entries()) {
      const path = paths[at];
      if (path) set(path, "d", pathOf(stroke, places.current, !camera.isFar));
    }
  };

  const show = (): void => {
    places.current = new Map([...layout.placed].map(([id, { x, y }]) => [id, { x, y }]));
    draw();
  };

  const settle = (): void => {
    const isHidden = camera.isFresh || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const until = performance.now() + sliceMs;
    do layout.tick();
    while (isHidden && !layout.isAtRest && performance.now() < until);
    if (!isHidden || layout.isAtRest) {
      camera.fit(layout);
      show();
    }
    if (!layout.isAtRest) frame.current = requestAnimationFrame(settle);
  };

  useEffect(() => {
    if (svg.current === null || world.current === null) return;
    return camera.attach(svg.current, world.current, layout, show);
  }, []);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  useEffect(() => {
    if (!layout.set(marks, edges)) return draw();
    show();
    cancelAnimationFrame(frame.current);
    settle();
  });

  const stateOf = (id: string): "selected" | "other" | "dim" | "" => {
    if (id === selected) return "selected";
    if (id === other) return "other";
    return anyHot && !near.has(id) ? "dim" : "";
  };
  const looks = marks.map((mark) => ({ ...mark, state: stateOf(mark.id) }));
  const key = looks
    .map(({ id, role, name, lost, leads, state }) => [id, role, name, lost, leads, state].join())
    .join();
  const nodes = useMemo(() => {
    const inTabOrder = selected || looks[0]?.id;
    return looks.map(({ state, ...mark }) => (
      <MarkNode
        key={mark.id}
        mark={mark}
        looks={looksOf(mark.role, roles)}
        state={state}
        isInTabOrder={mark.id === inTabOrder}
        onSelect={onSelect}
        onKey={(event) => onKey(event, mark.id, layout, onSelect)}
      />
    ));
  }, [key, roles.join()]);
  return (
    <svg
      ref={svg}
      class="graph"
      role="group"
      aria-label="The network as a graph. The key t shows it as a table."
    >
      <g ref={world} class="world">
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

/** What is as it was is not painted again. */
function set(element: SVGElement, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
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
