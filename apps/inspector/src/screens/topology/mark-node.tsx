import type { looksOf } from "../../model/identity.ts";
import { outlineOf } from "../../parts/peer-mark.tsx";
import type { Mark } from "./marks.ts";

const radius = 12;

/** A mark of the graph: shape, letter and colour of its role, its name, a crown where it leads. */
export function MarkNode(props: {
  readonly mark: Mark;
  readonly looks: ReturnType<typeof looksOf>;
  /** Whether it is selected, the other one, or behind those that matter now. */
  readonly state: "selected" | "other" | "dim" | "";
  readonly isInTabOrder: boolean;
  readonly onSelect: (id: string, isOther: boolean) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}) {
  const { mark, looks, state, isInTabOrder, onSelect, onKey } = props;
  const { id, role, name, leads, lost } = mark;
  const { shape, letter, color } = looks;
  const says = [name, role, leads ? "leader" : "", lost ? "does not answer inspection" : ""];
  return (
    <g
      class={`node ${state} ${lost ? "lost" : ""}`}
      data-id={id}
      role="button"
      tabIndex={isInTabOrder ? 0 : -1}
      aria-label={`${letter} ${says.filter((each) => each !== "").join(", ")}`}
      aria-pressed={state === "selected"}
      onClick={(event) => onSelect(id, event.shiftKey)}
      onKeyDown={onKey}
    >
      <circle class="halo" r={radius + 6} />
      <path class={`role-${color}`} d={outlineOf(shape, radius)} />
      <text class="letter" y={shape === "triangle" ? 6 : 4} text-anchor="middle">
        {letter}
      </text>{" "}
      {leads && <path class="crown" d="M-6,-15l2.5,3.2L0,-17l3.5,5.2L6,-15v6H-6Z" />}
      <text class="label" y={radius + 16} text-anchor="middle">
        {name}
      </text>
    </g>
  );
}
