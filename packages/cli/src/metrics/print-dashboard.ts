import type { Host } from "../host.ts";
import { grafanaDashboard } from "./grafana.ts";

/** Writes the dashboard, to be imported. */
export function printDashboard(host: Host): void {
  host.output.write(`${JSON.stringify(grafanaDashboard(), undefined, 2)}\n`);
}
