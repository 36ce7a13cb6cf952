import { formatPrint } from "../core/print.ts";
import type { StoreStatus } from "../store.ts";
import type { StoreAccess } from "./store-access.ts";

/** What a store is like now. */
export function statusOf({ group, isReader, durability, room, store }: StoreAccess): StoreStatus {
  const { state, reason, role, online, members, lag } = group.status.value;
  const machine = room.state.machines[store];
  return {
    state,
    reason,
    role: isReader ? "reader" : role,
    online,
    members,
    version: room.state.versions[store] ?? 0,
    size: machine?.size ?? 0,
    hash: formatPrint(machine?.print ?? [0, 0]),
    lag,
    durability,
  };
}
