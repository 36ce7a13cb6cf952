import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { listen } from "../running/health.ts";

/** A page that is served to this machine. */
export interface ServedPage extends AsyncDisposable {
  /**
   * An address to open once: it leads to the page, with a fragment that never goes over the wire again
   * and never stands in a list of processes.
   */
  linkTo(fragment: string): string;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/**
 * Serves the files of a folder on the loopback interface, below a path that only who was given it
 * knows. Refused are requests under another name than this machine's (so that no name of a stranger
 * can be led here), from other origins, and without the path.
 */
export async function servePage(folder: string, address: string): Promise<ServedPage> {
  const token = randomBytes(16).toString("hex");
  const links = new Map<string, string>();
  const server = await listen(address, (request, response) => {
    void answer(request, response);
  });
  const { port } = server;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const say = (status: number, type = "text/plain", body: string | Uint8Array = ""): void =>
      void response.writeHead(status, { ...headers, "content-type": type }).end(body);
    const status = refusal(request, port);
    if (status !== undefined) return say(status);
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const fragment = links.get(pathname);
    if (fragment !== undefined) {
      links.delete(pathname);
      response.writeHead(302, { ...headers, location: `/${token}/${fragment}` }).end();
      return;
    }
    const [, given = "", ...path] = pathname.split("/");
    if (!isEqual(given, token)) return say(403);
    const file = normalize(join(folder, path.join("/") || "index.html"));
    const type = types[extname(file)];
    const isInside = file.startsWith(folder + sep);
    const body = isInside && type ? await readFile(file).catch(() => undefined) : undefined;
    if (body === undefined) return say(404);
    say(200, type, body);
  }

  return {
    linkTo(fragment) {
      const path = `/${randomBytes(16).toString("hex")}`;
      links.set(path, fragment);
      return `http://127.0.0.1:${port}${path}`;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The status that a request is refused with, before anything is looked up for it. */
function refusal({ headers: asked, method }: IncomingMessage, port: number): number | undefined {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes(asked.host ?? "")) return 421;
  const { origin } = asked;
  if (origin !== undefined && !own.some((host) => origin === `http://${host}`)) return 403;
  const site = asked["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return 403;
  return method === "GET" || method === "HEAD" ? undefined : 405;
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
