import type { Groups } from "@mosaik/groups";
import type { ServiceFactory } from "@mosaik/transport";
import type { Stores } from "./stores.ts";

/**
 * Replicated collections over groups, for `createNetwork`.
 *
 * @example
 * ```ts
 * import { stores } from "@mosaik/store";
 *
 * console.log(stores().needs); // [ 'groups' ]
 * ```
 */
export function stores(): ServiceFactory<Stores, { groups: Groups }> {
  return {
    needs: ["groups"],
    create: () => ({ close: async () => {} }),
  };
}
