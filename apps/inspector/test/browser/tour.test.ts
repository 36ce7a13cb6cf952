import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright";
import { describe, expect, it } from "vitest";
import { isPictured, picture, useNetwork } from "./rig.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A screen: the letter that leads there, or the link on the screen before, and what it must show. */
interface Stop {
  readonly name: string;
  readonly by: { readonly letter: string } | { readonly link: string };
  readonly shows: readonly string[];
}

const at = (letter: string, name: string, ...shows: string[]): Stop => {
  return { name, by: { letter }, shows };
};
const one = (link: string, name: string, ...shows: string[]): Stop => {
  return { name, by: { link }, shows };
};

const stops: readonly Stop[] = [
  at("o", "overview", "9 nodes", "aggregator", "Last events", "/s"),
  at("t", "topology", "sensor-1", "Streams", "Gossip"),
  at("n", "nodes", "recorder", "Up for"),
  one("aggregator-1", "node", "Signed entry", "summaries", "store latest", "Attempts to connect"),
  at("g", "groups", "ledger", "3 of 3"),
  one("ledger", "group", "Trails leader by", "Leaders by term", '{"add":', "Commands take"),
  at("s", "streams", "readings", "summaries", "json"),
  one("readings", "stream", "Buffer", "passed since", "celsius", "As JSON"),
  at("k", "stores", "latest", "map", "agree"),
  one("latest", "store", "Copy of", "aggregator-2", "Changes seen", "Put"),
  at("e", "events", "joined the network", "Save the recording"),
  at("l", "latency", "Round trip", "slow-reader"),
  at("m", "metrics", "Copy PromQL", "by node"),
  at("p", "playground", "node-1", "leader", "Kill"),
  at("c", "connect", "Joining weather", "Receive the catalog"),
];

const network = useNetwork();

/** What axe finds of serious or critical impact. */
async function serious(page: Page): Promise<string[]> {
  // The page's own policy lets no script in but its own: it is not part of what is checked here.
  const found = await page.evaluate(async () => {
    const results = await (globalThis as unknown as { axe: typeof import("axe-core") }).axe.run();
    return results.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ""}`)
            .slice(0, 3)
            .join(" | ")}`,
      );
  });
  return found;
}

describe.each([["light"], ["dark"]])("the tour by keyboard, %s", (theme) => {
  it("shows what every screen is for, and axe finds nothing serious", async () => {
    const { page, faults } = await network.join("", { dark: theme === "dark" });
    await page.getByTestId("verdict").filter({ hasText: "9 nodes" }).waitFor();
    await page.getByText(/nodes, 2 groups healthy/).waitFor();
    const wrong: string[] = [];
    for (const { name, by, shows } of stops) {
      if ("letter" in by) {
        await page.keyboard.press("g");
        await page.keyboard.press(by.letter);
      } else {
        await page.locator("main").getByRole("link", { name: by.link }).first().focus();
        await page.keyboard.press("Enter");
      }
      const shown = async (): Promise<void> => {
        for (const text of shows)
          await page.locator("main").getByText(text).first().waitFor({ timeout: 15_000 });
      };
      await shown();
      await page.evaluate(axe);
      wrong.push(...(await serious(page)).map((each) => `${name}: ${each}`));
      await page.getByText("the second is on its way").waitFor({ state: "detached" });
      await shown(); // axe keeps the page busy for so long that the playground's leader may lose its lead
      if (name === "metrics" && isPictured) await page.waitForTimeout(10_000); // lines, not dots
      await picture(page, `${name}-${theme}`);
    }
    expect(wrong).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);
});
