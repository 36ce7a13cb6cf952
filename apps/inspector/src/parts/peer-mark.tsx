import { looksOf, roleOf, rolesIn, type Shape } from "../model/identity.ts";
import type { Peer, Snapshot } from "../model/snapshot.ts";

/** The outline of a shape around the origin, as the data of an SVG path. */
export function outlineOf(shape: Shape, radius: number): string {
  if (shape === "circle") {
    return `M${-radius},0a${radius},${radius} 0 1,0 ${2 * radius},0a${radius},${radius} 0 1,0 ${-2 * radius},0Z`;
  }
  const [corners, turn, size] = {
    square: [4, Math.PI / 4, 1.2],
    diamond: [4, 0, 1.22],
    triangle: [3, -Math.PI / 2, 1.35],
    hexagon: [6, 0, 1.1],
    pentagon: [5, -Math.PI / 2, 1.14],
  }[shape] as [number, number, number];
  const points = Array.from({ length: corners }, (_, at) => {
    const angle = turn + (2 * Math.PI * at) / corners;
    const reach = radius * size;
    return `${(reach * Math.cos(angle)).toFixed(2)},${(reach * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${points.join("L")}Z`;
}

/** The mark of a role: shape, letter and colour. */
export function RoleMark({
  role,
  roles,
}: {
  readonly role: string;
  readonly roles: readonly string[];
}) {
  const { shape, letter, color } = looksOf(role, roles);
  return (
    <svg class="mark" viewBox="-11 -11 22 22" width="18" height="18" aria-hidden="true">
      <path class={`role-${color}`} d={outlineOf(shape, 8)} />
      <text y={shape === "triangle" ? 4.5 : 3.2} text-anchor="middle">
        {letter}
      </text>
    </svg>
  );
}

/** The mark of a peer. */
export function PeerMark({
  peer,
  snapshot,
}: {
  readonly peer: Peer | undefined;
  readonly snapshot: Snapshot;
}) {
  return <RoleMark role={roleOf(peer)} roles={rolesIn(snapshot)} />;
}
