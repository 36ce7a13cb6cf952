import { defineBrowserCommand } from "@vitest/browser-playwright";
import type { Page } from "playwright";

const tabs = new Map<number, Page>();
let opened = 0;

/** Opens another tab of the same browser and origin; answers its number. */
export const openTab = defineBrowserCommand<[]>(async ({ context, page }) => {
  const tab = await context.newPage();
  await tab.addInitScript(loadPlainly);
  await tab.goto(new URL("/LICENSE", page.url()).href); // any page of the origin will do
  tabs.set(++opened, tab);
  return opened;
});

/** Calls a function that a module, named by its path from the root, exports; in a tab. */
export const callInTab = defineBrowserCommand<
  [tab: number, module: string, name: string, input: unknown]
>(async (_context, tab, module, name, input) => {
  const call = { module, name, input };
  return await tabOf(tab).evaluate(async ({ module, name, input }) => {
    const exported = await import(module);
    return await exported[name](input);
  }, call);
});

/** Loads a tab anew: what ran in it is gone. */
export const reloadTab = defineBrowserCommand<[tab: number]>(async (_context, tab) => {
  await tabOf(tab).reload();
});

/** Freezes a tab, as a browser does with those that nobody looks at; or thaws it. */
export const freezeTab = defineBrowserCommand<[tab: number, frozen: boolean]>(
  async ({ context }, tab, frozen) => {
    const session = await context.newCDPSession(tabOf(tab));
    await session.send("Page.setWebLifecycleState", { state: frozen ? "frozen" : "active" });
  },
);

/**
 * Lets the timers of a tab go off only every so many milliseconds, as browsers do in the background:
 * first every second, after five minutes every minute. 0: when they are due.
 */
export const throttleTab = defineBrowserCommand<[tab: number, everyMs: number]>(
  async (_context, tab, everyMs) => {
    await tabOf(tab).evaluate((everyMs) => {
      const page = globalThis as typeof globalThis & { plainSetTimeout?: typeof setTimeout };
      page.plainSetTimeout ??= page.setTimeout;
      const plain = page.plainSetTimeout;
      const throttled = (run: () => void, ms = 0): unknown => {
        const now = performance.now();
        return plain(run, Math.ceil((now + ms) / everyMs) * everyMs - now);
      };
      Object.assign(page, { setTimeout: everyMs === 0 ? plain : throttled });
    }, everyMs);
  },
);

/** Closes a tab without a word to what runs in it. */
export const closeTab = defineBrowserCommand<[tab: number]>(async (_context, tab) => {
  await tabOf(tab).close();
  tabs.delete(tab);
});

/** The server of the tests wraps imports for its own pages: here they are what they were. */
function loadPlainly(): void {
  const wrapDynamicImport = (load: () => unknown): unknown => load();
  Object.assign(globalThis, { __vitest_browser_runner__: { wrapDynamicImport } });
}

function tabOf(tab: number): Page {
  const page = tabs.get(tab);
  if (page === undefined) throw new RangeError(`there is no tab ${tab}`);
  return page;
}

declare module "vitest/browser" {
  interface BrowserCommands {
    openTab(): Promise<number>;
    callInTab(tab: number, module: string, name: string, input: unknown): Promise<unknown>;
    reloadTab(tab: number): Promise<void>;
    freezeTab(tab: number, frozen: boolean): Promise<void>;
    throttleTab(tab: number, everyMs: number): Promise<void>;
    closeTab(tab: number): Promise<void>;
  }
}
