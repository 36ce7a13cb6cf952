import { createServer } from "node:http";
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { build } from "vite";
import { chromiumFlags, findChromium } from "../../../scripts/browser/chromium.ts";
import type { Calls } from "./calls.ts";

/** A page that answers calls, in a tab of its own. */
export interface Tab {
  call<Name extends keyof Calls & string>(
    name: Name,
    ask: Calls[Name]["ask"],
  ): Promise<Calls[Name]["answer"]>;
  close(): Promise<void>;
}

/** A browser, and pages in it. */
export interface Pages {
  open(): Promise<Tab>;
  close(): Promise<void>;
}

/** Whether this machine has a Chromium. */
export function hasChromium(): boolean {
  return findChromium() !== undefined;
}

/** Builds the page, serves it to this machine, and starts a browser. */
export async function startPages(): Promise<Pages> {
  const { chromium } = await import("playwright");
  const files = await buildPage();
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    response.writeHead(200, { "content-type": file ? "text/javascript" : "text/html" });
    response.end(file ?? '<!doctype html><script type="module" src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: chromiumFlags,
    ...(executablePath ? { executablePath } : {}),
  });
  return {
    open: () => openTab(browser, `http://127.0.0.1:${port}/`),
    async close() {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The files of the page, by their addresses. */
async function buildPage(): Promise<Map<string, string>> {
  const built = await build({
    root: import.meta.dirname,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["mosaik-source", "module", "browser", "import"] },
    build: {
      write: false,
      target: "es2024",
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: {
        input: join(import.meta.dirname, "page.ts"),
        output: { entryFileNames: "[name].js" },
      },
    },
  });
  if (!("output" in built)) throw new Error("vite built something else");
  return new Map(
    built.output.flatMap((file) =>
      file.type === "chunk" ? [[`/${file.fileName}`, file.code]] : [],
    ),
  );
}

async function openTab(browser: Browser, url: string): Promise<Tab> {
  const context = await browser.newContext();
  const page: Page = await context.newPage();
  await page.goto(url);
  await page.waitForFunction(() => "bench" in globalThis);
  return {
    call: (name, ask) =>
      page.evaluate(
        async ([name, ask]) => {
          const { bench } = globalThis as unknown as {
            bench: Record<string, (ask: unknown) => Promise<never>>;
          };
          return await bench[name]?.(ask);
        },
        [name, ask] as const,
      ) as Promise<never>, // the page answers by the same table
    close: () => context.close(),
  };
}
