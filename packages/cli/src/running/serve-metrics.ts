import { MetricsSection } from "@mosaik/transport";
import { exposition, expositionType } from "../metrics/exposition.ts";
import type { Observer } from "../network/join.ts";
import { isForeign, type Listening, listen } from "./health.ts";

/** A node with diagnostics. */
export type Measured = Pick<Observer, "peer" | "diagnostics">;

/**
 * Answers `GET /metrics` with what the node measures, for Prometheus. Nothing is asked of who asks:
 * listen where only the scraper can reach.
 *
 * @param address - `host:port`; of this machine where no host is said, and any free port where it is 0.
 * @throws CliError with `CLI_USAGE` where the address cannot be listened on.
 */
export async function serveMetrics(address: string, node: Measured): Promise<Listening> {
  const inspection = await node.diagnostics.inspect(node.peer);
  return listen(address, (request, response) => {
    const answer = (code: number, type: string, text: string): void => {
      response.writeHead(code, { "content-type": type, "cache-control": "no-store" });
      response.end(text);
    };
    if (isForeign(request, address)) return answer(403, "text/plain", "not for pages\n");
    if (request.method !== "GET") return answer(405, "text/plain", "GET only\n");
    if (request.url !== "/metrics") return answer(404, "text/plain", "not found\n");
    inspection.read(MetricsSection).then(
      (measured) => answer(200, expositionType, exposition([{ labels: {}, measured }])),
      () => answer(503, "text/plain", "the node ends\n"),
    );
  });
}
