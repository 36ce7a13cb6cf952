import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { formatClock } from "../../parts/format.ts";
import { outlineOf } from "../../parts/peer-mark.tsx";
import { Scrolled } from "../../parts/scrolled.tsx";
import { type Toy, World } from "./world.ts";

const sizes = [3, 4, 5] as const;
const harms = [
  ["cut off", "Cut off", "Reconnect"],
  ["frozen", "Freeze", "Thaw"],
  ["slow", "Slow down", "Speed up"],
] as const;

/** A cluster within this page: nothing is installed, and everything is real but the wires. */
export function Playground() {
  const size = useSignal<number>(5);
  const world = useSignal<World | undefined>(undefined);
  useEffect(() => {
    const made = new World(size.value);
    world.value = made;
    void made.start();
    return () => void made.close();
  }, [size.value]);
  const toys = world.value?.toys.value ?? [];
  return (
    <section class="screen" aria-labelledby="title">
      <header class="screen-head">
        <h1 id="title" tabIndex={-1}>
          Playground
        </h1>
        <div class="tools">
          <label>
            Nodes{" "}
            <select
              value={size.value}
              onChange={(event) => {
                size.value = Number(event.currentTarget.value);
              }}
            >
              {sizes.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          </label>
          <button type="button" class="primary" onClick={() => void world.value?.add()}>
            Add one
          </button>
        </div>
      </header>
      <p class="hint">
        These nodes run in this page, over wires of memory, and agree on a number. Kill the one that
        leads, and watch the others elect another; cut off two of five, and they still count.
      </p>
      <div class="playground">
        <Ring toys={toys} />
        <ul class="toys">
          {toys.map((toy) => (
            <Card key={toy.name} toy={toy} world={world.value} />
          ))}
        </ul>
      </div>
      <section class="card" aria-labelledby="happened">
        <h2 id="happened">What happened</h2>
        <Scrolled label="What happened, newest first">
          <ol class="log" aria-live="polite">
            {world.value?.notes.value.map(({ at, text }, place, all) => (
              <li key={`${at} ${all.length - place}`}>
                <time>{formatClock(at)}</time>
                <span>{text}</span>
              </li>
            ))}
          </ol>
        </Scrolled>
      </section>
    </section>
  );
}

function Card({ toy, world }: { readonly toy: Toy; readonly world: World | undefined }) {
  const { name, state, role, term, applied, count } = toy;
  const isDead = state === "killed";
  return (
    <li class={`card toy ${isDead ? "dead" : ""}`}>
      <header>
        <h2>{name}</h2>
        <span class="badge">{isDead ? "killed" : role}</span>
        {!isDead && state !== "running" && <span class="badge">{state}</span>}
      </header>
      <p>
        {isDead ? "not running" : `term ${term} · ${applied} applied · number `}
        {!isDead && <strong>{count}</strong>}
      </p>
      <p class="act">
        <button type="button" onClick={() => void world?.toggleLife(name)}>
          {isDead ? "Start" : "Kill"}
        </button>
        {harms.map(([how, act, undo]) => (
          <button
            key={how}
            type="button"
            disabled={isDead}
            aria-pressed={state === how}
            onClick={() => world?.harm(name, how)}
          >
            {state === how ? undo : act}
          </button>
        ))}
      </p>
    </li>
  );
}

const reach = 92;

/** The nodes on a ring, with lines from the one that leads. */
function Ring({ toys }: { readonly toys: readonly Toy[] }) {
  const at = (place: number): readonly [number, number] => {
    const turn = (2 * Math.PI * place) / Math.max(1, toys.length) - Math.PI / 2;
    return [reach * Math.cos(turn), reach * Math.sin(turn)];
  };
  const newest = Math.max(0, ...toys.map(({ term }) => term));
  return (
    <svg class="ring" viewBox="-140 -130 280 260" role="img" aria-label={inWords(toys)}>
      {toys.map(({ leader, name, state }, place) => {
        const other = toys.findIndex((toy) => toy.name === leader);
        if (other < 0 || other === place || state === "killed") return null;
        const [[x, y], [tx, ty]] = [at(place), at(other)];
        return (
          <path
            key={name}
            class={`edge group ${state === "cut off" ? "inferred" : ""}`}
            d={`M${x},${y}L${tx},${ty}`}
          />
        );
      })}
      {toys.map(({ name, role, state, term }, place) => {
        const [x, y] = at(place);
        const leads = role === "leader" && term === newest && state !== "killed";
        return (
          <g
            key={name}
            class={`node ${state === "killed" ? "lost" : ""}`}
            transform={`translate(${x},${y})`}
          >
            <path class={leads ? "role-2" : "role-0"} d={outlineOf("circle", 16)} />
            {leads && <path class="crown" d="M-6,-21l2.5,3.2L0,-23l3.5,5.2L6,-21v6H-6Z" />}
            <text class="letter" y="4" text-anchor="middle">
              {place + 1}
            </text>
            <text class="label" y="32" text-anchor="middle">
              {state === "running" ? role : state}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function inWords(toys: readonly Toy[]): string {
  return toys
    .map(({ name, role, state }) => `${name}: ${state === "running" ? role : state}`)
    .join(", ");
}
