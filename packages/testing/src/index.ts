export {
  checkLinearizable,
  type Linearizability,
  type Operation,
  type RegisterInput,
  registerModel,
  type SequentialModel,
} from "./linearizability.ts";
export { type Command, type RunCommand, runScenario } from "./scenario.ts";
export { Trace, type TraceOptions, type TraceRecord } from "./trace.ts";
export { type UntilOptions, until } from "./until.ts";
export { type WithinOptions, World, type WorldOptions } from "./world.ts";
export type { WorldClock, WorldClockOptions } from "./world-clock.ts";
