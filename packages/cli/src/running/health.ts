import { createServer, type RequestListener, type Server } from "node:http";
import { CliError } from "../errors.ts";
import type { Observer } from "../network/join.ts";

/**
 * Answers `GET /healthz` (the process lives) and `GET /readyz` (it has peers, or needs none to begin
 * from): 200 or 503, and a word. Nothing else is told, so nothing is asked of who asks.
 *
 * @throws CliError with `CLI_USAGE` where the address cannot be listened on.
 */
export async function serveHealth(address: string, node: Observer): Promise<AsyncDisposable> {
  return listen(address, (request, response) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    const [code, word] = !isRead ? [405, "GET only"] : answerTo(request.url ?? "", node);
    response.writeHead(code, { "content-type": "text/plain", "cache-control": "no-store" });
    response.end(`${word}\n`);
  });
}

function answerTo(path: string, node: Observer): readonly [code: number, word: string] {
  if (path === "/healthz") return [200, "ok"];
  if (path !== "/readyz") return [404, "not found"];
  return node.connections.value.size > 0 ? [200, "ready"] : [503, "no peer is connected"];
}

/** A server that listens. Disposing ends it at once. */
export interface Listening extends AsyncDisposable {
  readonly port: number;
}

/**
 * Listens on `host:port` or `:port`, which is this machine only.
 *
 * @throws CliError with `CLI_USAGE`.
 */
export async function listen(address: string, answer: RequestListener): Promise<Listening> {
  const [, hostname = "", port = ""] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  if (port === "")
    throw new CliError("CLI_USAGE", `'${address}' is no address: say 127.0.0.1:8080`);
  const server = createServer(answer);
  await whenListening(server, hostname.replace(/^\[|\]$/g, "") || "127.0.0.1", Number(port));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const bound = server.address();
  const actual = typeof bound === "object" && bound !== null ? bound.port : Number(port);
  return { port: actual, [Symbol.asyncDispose]: close };
}

function whenListening(server: Server, hostname: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("listening", resolve).once("error", (cause: NodeJS.ErrnoException) => {
      const reason = cause.code === "EADDRINUSE" ? "the port is taken" : String(cause.code);
      const message = `cannot listen on ${hostname}:${port}: ${reason}`;
      reject(new CliError("CLI_USAGE", message, { cause }));
    });
    server.listen(port, hostname);
  });
}
