import type { Group } from "../../model/groups.ts";

/** Whether the members of a group have one state. */
export function Comparison({ states }: Pick<Group, "states">) {
  if (states === "not compared") return <NotYet />;
  return states === "differ" ? <strong class="bad">differ</strong> : <>agree</>;
}

/** What is shown before a group's first position at which members compare. */
export function NotYet() {
  return <span title="states are compared every 256 positions">not yet</span>;
}
