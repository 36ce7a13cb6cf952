export type { Listening } from "../running/health.ts";
export { type Measured, serveMetrics } from "../running/serve-metrics.ts";
