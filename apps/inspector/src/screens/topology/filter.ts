import { nameOf, roleOf, tagsOf } from "../../model/identity.ts";
import type { Peer } from "../../model/snapshot.ts";
import { route } from "../../shell/route.ts";

/** Whether a peer is what the filters of the route ask for. */
export function matches(peer: Peer): boolean {
  const { query, more } = route.value;
  if (more["role"] && roleOf(peer) !== more["role"]) return false;
  if (query === "") return true;
  const wanted = query.toLowerCase();
  return [nameOf(peer), peer.id, ...tagsOf(peer)].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}
