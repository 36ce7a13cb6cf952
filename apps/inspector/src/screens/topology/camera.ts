import type { Layout } from "./layout.ts";

const scaleMin = 0.15;
const scaleMax = 4;
const margin = 48;
/** Names are below their nodes: so much more room is left there. */
const nameRoom = 20;
/** Smaller than this, names and the heads of arrows could not be made out: they are left out. */
const farScale = 0.55;

/** What of the drawing is seen: all of it, until somebody zooms or drags. */
export class Camera {
  #scale = 1;
  #x = 0;
  #y = 0;
  #isOwn = false;
  #isFresh = true;
  #svg: SVGSVGElement | undefined;
  #world: SVGGElement | undefined;
  #draw = (): void => {};

  /** Whether nothing was drawn yet. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  /** Whether everything is too small for its details. */
  get isFar(): boolean {
    return this.#scale < farScale;
  }

  /** Shows all of a layout, unless somebody has chosen what to see. */
  fit({ placed }: Layout): void {
    if (this.#svg === undefined || placed.size === 0) return;
    this.#isFresh = false;
    if (this.#isOwn) return;
    const { width, height: whole } = this.#svg.getBoundingClientRect();
    const height = whole - nameRoom;
    const xs = [...placed.values()].map(({ x }) => x);
    const ys = [...placed.values()].map(({ y }) => y);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const across = (width - 2 * margin) / Math.max(120, right - left);
    const down = (height - 2 * margin) / Math.max(120, bottom - top);
    this.#scale = Math.min(1.6, Math.max(scaleMin, Math.min(across, down)));
    this.#x = width / 2 - (this.#scale * (left + right)) / 2;
    this.#y = height / 2 - (this.#scale * (top + bottom)) / 2;
    this.#show();
  }

  /** Obeys the pointer on a drawing; answers how to stop. */
  attach(svg: SVGSVGElement, world: SVGGElement, layout: Layout, draw: () => void): () => void {
    this.#svg = svg;
    this.#world = world;
    this.#draw = draw;
    const stop = new AbortController();
    const { signal } = stop;
    let dragged: string | undefined;
    let isDown = false;
    svg.addEventListener("wheel", (event) => this.#zoom(event), { passive: false, signal });
    svg.addEventListener(
      "pointerdown",
      (event) => {
        isDown = true;
        const node =
          event.target instanceof Element ? event.target.closest<SVGGElement>("g.node") : null;
        dragged = node?.dataset["id"];
      },
      { signal },
    );
    svg.addEventListener(
      "pointermove",
      (event) => {
        if (!isDown || event.movementX ** 2 + event.movementY ** 2 === 0) return;
        if (dragged === undefined) this.#pan(event.movementX, event.movementY);
        else {
          this.#isOwn = true;
          layout.pin(dragged, this.#toWorld(event));
          layout.tick();
          draw();
        }
      },
      { signal },
    );
    for (const end of ["pointerup", "pointerleave"] as const) {
      svg.addEventListener(
        end,
        () => {
          isDown = false;
        },
        { signal },
      );
    }
    svg.addEventListener("dblclick", () => this.#reset(layout), { signal });
    const watch = new ResizeObserver(() => this.isFresh || this.fit(layout));
    watch.observe(svg);
    signal.addEventListener("abort", () => watch.disconnect());
    return () => stop.abort();
  }

  #reset(layout: Layout): void {
    this.#isOwn = false;
    this.fit(layout);
  }

  #zoom(event: WheelEvent): void {
    event.preventDefault();
    this.#isOwn = true;
    const factor = Math.exp(-event.deltaY * 0.0015);
    const next = Math.min(scaleMax, Math.max(scaleMin, this.#scale * factor));
    const { left, top } = this.#svg?.getBoundingClientRect() ?? { left: 0, top: 0 };
    const [x, y] = [event.clientX - left, event.clientY - top];
    this.#x = x - ((x - this.#x) * next) / this.#scale;
    this.#y = y - ((y - this.#y) * next) / this.#scale;
    this.#scale = next;
    this.#show();
  }

  #pan(dx: number, dy: number): void {
    this.#isOwn = true;
    this.#x += dx;
    this.#y += dy;
    this.#show();
  }

  #toWorld({ clientX, clientY }: PointerEvent): { readonly x: number; readonly y: number } {
    const { left, top } = this.#svg?.getBoundingClientRect() ?? { left: 0, top: 0 };
    return {
      x: (clientX - left - this.#x) / this.#scale,
      y: (clientY - top - this.#y) / this.#scale,
    };
  }

  #show(): void {
    const [x, y] = [this.#x.toFixed(1), this.#y.toFixed(1)];
    this.#world?.setAttribute("transform", `translate(${x},${y}) scale(${this.#scale.toFixed(4)})`);
    const wasFar = this.#svg?.classList.contains("far");
    if (wasFar === this.isFar) return;
    this.#svg?.classList.toggle("far", this.isFar);
    this.#draw();
  }
}
