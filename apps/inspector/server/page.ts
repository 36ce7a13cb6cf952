import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPage, isBuilt } from "./build.ts";

/** The page, being served on this machine. */
export interface ServedPage {
  /** `http://127.0.0.1:…/`, without a fragment. */
  readonly url: string;
  /** An address that leads to the page and an invite: short, of no use to who does not know it. */
  linkTo(invite: string): string;
  /** Resolves once the page is built; rejects where that failed. */
  ready(): Promise<void>;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The document has the same policy in itself; frames can only be forbidden here. */
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-cache",
};

const folder = fileURLToPath(new URL("../dist", import.meta.url));

/** What is shown while the page is being built: the browser asks again, with the same fragment. */
const waiting =
  '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>mosaik</title><p>The inspector is being built. This takes a few seconds, once.</p>';

/**
 * Serves the inspector's page to this machine only. It is built when it is first asked for, unless it
 * was built before. Whoever asks under another name than this machine's is refused: so no other page
 * can read it by having its own name lead here.
 */
export async function servePage(options: { readonly port?: number } = {}): Promise<ServedPage> {
  const building = new Building();
  const links = new Map<string, string>();
  const server = createServer((request, response) => {
    const fragment = links.get(request.url ?? "");
    if (fragment === undefined) void answer(request, response, building);
    else response.writeHead(302, { ...headers, location: `/${fragment}` }).end();
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  server.unref();
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    linkTo(invite) {
      const path = `/${randomBytes(8).toString("hex")}`;
      links.set(path, `#join=${encodeURIComponent(invite)}`);
      return new URL(path, url).href;
    },
    ready: () => building.begin(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The one build of the page, where it needs one. */
class Building {
  state: "waiting" | "done" | { readonly error: string } = "waiting";
  #done: Promise<void> | undefined;

  /** Begins to build, unless that was begun. */
  begin(): Promise<void> {
    this.#done ??= (isBuilt(folder) ? Promise.resolve() : buildPage()).then(
      () => {
        this.state = "done";
      },
      (error: unknown) => {
        this.state = { error: String(error) };
        throw error;
      },
    );
    return this.#done;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  building: Building,
): Promise<void> {
  const say = (status: number, type: string, body: string | Uint8Array): void =>
    void response.writeHead(status, { ...headers, "content-type": type }).end(body);
  const refuse = (status: number): void => say(status, "text/plain", "");
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) return refuse(421);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405);
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const file = normalize(join(folder, pathname === "/" ? "index.html" : pathname));
  const type = types[extname(file)];
  if (!file.startsWith(folder + sep) || type === undefined) return refuse(404);
  building.begin().catch(() => {}); // its state says so
  if (building.state === "waiting") await Promise.race([building.begin().catch(() => {}), soon()]);
  if (building.state === "waiting") return say(200, "text/html; charset=utf-8", waiting);
  if (building.state !== "done") return say(500, "text/plain", building.state.error);
  const body = await readFile(file).catch(() => undefined);
  if (body === undefined) return refuse(404);
  say(200, type, body);
}

/** A page that was built before is there at once. */
function soon(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}
