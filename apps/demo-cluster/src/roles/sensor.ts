import { anyOf, flowOf, readingsPerSecond, Telemetry } from "../contract.ts";
import { createTelemetry } from "../telemetry.ts";
import type { Work, Workplace } from "./role.ts";

/** Readings that may wait for one consumer; then the oldest go. */
const waitingReadingsMax = 32;

/** Streams what this machine says of itself to whoever wants it raw. */
export function sensor({ node, reporter }: Workplace): Work {
  const readings = node.streams.produce(Telemetry, {
    accept: anyOf(flowOf(Telemetry).to),
    lag: { policy: "drop-oldest", itemsMax: waitingReadingsMax },
  });
  reporter.produces(readings);
  const telemetry = createTelemetry();
  const timer = setInterval(() => {
    if (!readings.online) return;
    // A reading that finds no room is not made up for later: the next one is newer.
    reporter.offered();
    readings.trySend(telemetry.read());
  }, 1_000 / readingsPerSecond);
  return {
    close() {
      clearInterval(timer);
      telemetry.close();
    },
  };
}
