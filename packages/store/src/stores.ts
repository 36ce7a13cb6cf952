import type { Service } from "@mosaik/transport";

/** The stores service of a node. */
export interface Stores extends Service {}
