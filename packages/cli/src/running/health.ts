import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { CliError } from "../errors.ts";
import type { Observer } from "../network/join.ts";

/** A node as its health is asked for. */
export interface Started {
  readonly node: Observer;
  /** The places that it begins from: the first node of a network has none. */
  readonly seeds: readonly string[];
}

/**
 * Answers `GET /healthz` (the process lives) and `GET /readyz` (it has peers, or needs none to begin
 * from): 200 or 503, and a word. Nothing else is told, so nothing is asked of who asks; pages are
 * refused.
 *
 * @throws CliError with `CLI_USAGE` where the address cannot be listened on.
 */
export async function serveHealth(address: string, started: Started): Promise<Listening> {
  return listen(address, (request, response) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    const [code, word] = isForeign(request, address)
      ? [403, "not for pages"]
      : isRead
        ? answerTo(request.url ?? "", started)
        : [405, "GET only"];
    response.writeHead(code, { "content-type": "text/plain", "cache-control": "no-store" });
    response.end(`${word}\n`);
  });
}

function answerTo(path: string, { node, seeds }: Started): readonly [code: number, word: string] {
  if (path === "/healthz") return [200, "ok"];
  if (path !== "/readyz") return [404, "not found"];
  const isReady = seeds.length === 0 || node.connections.value.size > 0;
  return isReady ? [200, "ready"] : [503, "no peer is connected"];
}

/** Whether a page asks, or somebody who had a name point at this machine. */
export function isForeign({ headers }: IncomingMessage, address: string): boolean {
  if (headers.origin !== undefined || headers["sec-fetch-site"] !== undefined) return true;
  const isLocal = (host: string): boolean => /^(127\.[\d.]+|localhost|\[::1\])?(:\d+)?$/.test(host);
  return isLocal(address) && !isLocal(headers.host ?? "");
}

/** A server that listens. Disposing ends it at once. */
export interface Listening extends AsyncDisposable {
  /** Where, as `host:port`. */
  readonly address: string;
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
  return {
    address: `${hostname || "127.0.0.1"}:${actual}`,
    port: actual,
    [Symbol.asyncDispose]: close,
  };
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
