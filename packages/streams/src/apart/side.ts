import type { CatalogSection } from "@mosaik/discovery";
import type { Infer } from "@mosaik/primitives";
import type {
  ConnectionsSection,
  DialAttempt,
  DialsSection,
  NodeSection,
  RefusalsSection,
} from "@mosaik/transport";
import type { StreamsSection } from "../diagnostics.ts";

/**
 * What one of two nodes says of itself, as far as it could be read. Without its sections the other
 * side's facts have to do.
 */
export interface Side {
  /** Its peer id. */
  readonly peer: string;
  readonly node?: Infer<typeof NodeSection.value>;
  readonly connections?: Infer<typeof ConnectionsSection.value>;
  readonly dials?: Infer<typeof DialsSection.value>;
  readonly refusals?: Infer<typeof RefusalsSection.value>;
  readonly catalog?: Infer<typeof CatalogSection.value>;
  readonly streams?: Infer<typeof StreamsSection.value>;
  /** When `node` was read, by the clock of who read it, milliseconds: what tells clocks that differ. */
  readonly readAt?: number;
}

/** The newest attempt of a side to reach another that came to nothing, if nothing succeeded since. */
export function failedDial(from: Side, to: Side): DialAttempt | undefined {
  const targets = [to.peer, ...addressesOf(to, from)];
  const attempts = Object.entries(from.dials ?? {})
    .filter(([target]) => targets.some((wanted) => isSame(target, wanted)))
    .flatMap(([, all]) => all)
    .sort((left, right) => left.at - right.at);
  const newest = attempts.at(-1);
  return newest?.ok === false ? newest : undefined;
}

/** Where a node can be reached: as it says itself, or as another has heard. */
export function addressesOf(of: Side, heardBy: Side): readonly string[] {
  return of.node?.addresses ?? heardBy.catalog?.peers[of.peer]?.addresses ?? [];
}

/** How far the clock of a side is ahead of the reader's, milliseconds, where that was read. */
export function clockAheadMs({ node, readAt }: Side): number | undefined {
  return node === undefined || readAt === undefined ? undefined : node.now - readAt;
}

/** Addresses are written with and without the peer behind them, and as `host:port`. */
function isSame(target: string, wanted: string): boolean {
  return bare(target) === bare(wanted);
}

function bare(address: string): string {
  const [, host, port] = /^\/(?:ip4|ip6|dns4?|dns6)\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  return host === undefined ? address.replace(/^wss?:\/\//, "") : `${host}:${port}`;
}
