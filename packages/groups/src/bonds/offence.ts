import type { CloseReason } from "@mosaik/transport";

/** Whether this end closed a link because the other did what nobody does who knows the key and the rules. */
export function isOffence({ by, name }: CloseReason): boolean {
  const isFault =
    name === "not-proven" || name === "protocol-violation" || name === "frame-too-large";
  return by === "local" && isFault;
}
