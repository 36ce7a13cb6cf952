export type { Host } from "./host.ts";
export { run } from "./run.ts";
