export type { MemoryConditions, MemoryNetworkOptions, MemoryTrace } from "./config.ts";
export { createMemoryNetwork, type MemoryNetwork } from "./network.ts";
