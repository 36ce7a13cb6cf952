import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll } from "vitest";
import { chromiumFlags, findChromium } from "../../../../scripts/browser/chromium.ts";
import { type ServedPage, servePage } from "../../server/page.ts";

/** A network in a process of its own, and how to have it do something. */
export interface Cluster {
  readonly invite: string;
  /** Peer ids by name. */
  readonly names: Readonly<Record<string, string>>;
  /** Says a line to it, and waits until it is done. */
  tell(line: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the network of `cluster.ts`. */
export async function startCluster(network: string): Promise<Cluster> {
  const program = join(import.meta.dirname, "cluster.ts");
  const args = ["--conditions=mosaik-source", program, network];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  const { invite, names } = JSON.parse(await nextLine(lines, child));
  return {
    invite,
    names,
    async tell(line) {
      const done = nextLine(lines, child);
      child.stdin.write(`${line}\n`);
      await done;
    },
    async close() {
      const ended = child.exitCode === null ? once(child, "exit") : undefined;
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function nextLine(lines: Interface, child: ChildProcess): Promise<string> {
  const ended = once(child, "exit").then(() => Promise.reject(new Error("the cluster ended")));
  ended.catch(() => {});
  const [line] = await Promise.race([once(lines, "line"), ended]);
  return String(line);
}

/** The built page, served, and a browser to see it with. */
export interface Rig {
  readonly served: ServedPage;
  readonly browser: Browser;
  /** Opens the page, at a query and a fragment. Whatever breaks in it is in `faults`. */
  open(address?: string, options?: { readonly dark?: boolean }): Promise<OpenPage>;
  close(): Promise<void>;
}

/** A page, and what went wrong in it: errors, breaches of its policy, requests to elsewhere. */
export interface OpenPage {
  readonly page: Page;
  readonly faults: readonly string[];
}

/** Serves the page and starts a browser. */
export async function createRig(): Promise<Rig> {
  const served = await servePage();
  await served.ready();
  const executablePath = findChromium();
  const browser = await chromium.launch({
    args: chromiumFlags,
    ...(executablePath ? { executablePath } : {}),
  });
  return {
    served,
    browser,
    async open(address = "", { dark = false } = {}) {
      const context = await browser.newContext({
        colorScheme: dark ? "dark" : "light",
        viewport: { width: 1280, height: 800 },
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => void faults.push(String(error)));
      page.on("console", (message) => {
        if (/Content Security Policy|TrustedHTML/i.test(message.text()))
          faults.push(message.text());
      });
      page.on("request", (request) => {
        if (!request.url().startsWith(served.url)) faults.push(`it asked for ${request.url()}`);
      });
      await page.goto(new URL(address, served.url).href);
      return { page, faults };
    },
    async close() {
      await browser.close();
      await served.close();
    },
  };
}

/** A rig for all tests of a file. */
export function useRig(): Pick<Rig, "open"> {
  let rig: Rig | undefined;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig?.close());
  return { open: (address, options) => there(rig).open(address, options) };
}

/** Starts a network, and what shows pages, for all tests of a file. */
export function useNetwork(): UsedNetwork {
  let used: { readonly rig: Rig; readonly cluster: Cluster } | undefined;
  beforeAll(async () => {
    const [rig, cluster] = await Promise.all([createRig(), startCluster("weather")]);
    used = { rig, cluster };
  });
  afterAll(async () => {
    await used?.cluster.close();
    await used?.rig.close();
  });
  return {
    tell: (line) => there(used).cluster.tell(line),
    open: (address, options) => there(used).rig.open(address, options),
    join(query = "", options = {}) {
      const { rig, cluster } = there(used);
      return rig.open(`${query}#join=${encodeURIComponent(cluster.invite)}`, options);
    },
  };
}

/** A network for all tests of a file, and pages. */
export interface UsedNetwork extends Pick<Cluster, "tell">, Pick<Rig, "open"> {
  /** Opens the page at a query, with an invite to the network. */
  join(query?: string, options?: { readonly dark?: boolean }): Promise<OpenPage>;
}

function there<Made>(made: Made | undefined): Made {
  if (made === undefined) throw new Error("it is there in tests, not before");
  return made;
}

/** Whether pictures for the docs are asked for: `MOSAIK_PICTURES=1`. */
export const isPictured: boolean = Boolean(process.env["MOSAIK_PICTURES"]);

/** Takes a picture for the docs, where they are asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!isPictured) return;
  const folder = join(import.meta.dirname, "../../docs");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
