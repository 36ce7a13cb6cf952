import type { CDPSession, Page } from "playwright";
import { beforeEach, describe, expect, it } from "vitest";
import { useNetwork } from "./rig.ts";

const network = useNetwork();
let page: Page;
let faults: readonly string[];
let cdp: CDPSession;

beforeEach(async () => {
  ({ page, faults } = await network.join("?s=overview"));
  cdp = await page.context().newCDPSession(page);
  await shows(page, "9 nodes");
  return async () => {
    expect(faults).toEqual([]);
    await page.context().close();
  };
});

/** Until a page shows the network so; what it knew before may be shown in between. */
const shows = (where: Page, verdict: string): Promise<void> =>
  where.getByTestId("verdict").filter({ hasText: verdict }).waitFor({ timeout: 30_000 });
const state = (where: Page, text: string): Promise<void> =>
  where.locator(".where .state").filter({ hasText: text }).waitFor({ timeout: 30_000 });

describe("a page that looks into a network", () => {
  it("says that it is cut off, keeps what it knew, and sees what it missed once it is in another network", async () => {
    const fast = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    const visit = async (letter: string): Promise<void> => {
      await page.keyboard.press("g");
      await page.keyboard.press(letter);
    };
    await visit("m"); // its code is loaded when it is shown first
    await page.getByText("Copy PromQL").first().waitFor();
    await visit("o");
    await cdp.send("Network.enable");
    await cdp.send("Network.emulateNetworkConditions", { ...fast, offline: true });
    await page.getByText("Disconnected.").waitFor({ timeout: 30_000 });
    await state(page, "no connection");
    await network.tell("close sensor-3");
    await page.waitForTimeout(4_000); // by then its node holds everybody for unreachable
    await shows(page, "9 nodes");
    for (const letter of ["t", "n", "g", "s", "k", "e", "l", "m", "o"]) {
      await visit(letter);
      await page.locator("main").getByText("Disconnected.").waitFor();
    }
    const mobile = { latency: 120, downloadThroughput: 200_000, uploadThroughput: 100_000 };
    const connectionType = "cellular4g";
    await cdp.send("Network.emulateNetworkConditions", {
      ...mobile,
      offline: false,
      connectionType,
    });
    await state(page, "connected");
    await shows(page, "8 nodes");
    await page.getByText("Disconnected.").waitFor({ state: "detached" });
    await network.tell("start sensor-3");
    await shows(page, "9 nodes");
  });

  it("that was frozen for longer than a connection lasts catches up when it is thawed", async () => {
    await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
    await network.tell("close sensor-3");
    await new Promise((resolve) => setTimeout(resolve, 6_000)); // a connection without a word ends after five
    await cdp.send("Page.setWebLifecycleState", { state: "active" });
    await shows(page, "8 nodes");
    await state(page, "connected");
    await network.tell("start sensor-3");
    await shows(page, "9 nodes");
  });

  it("is there again after a reload, by the invite of its address", async () => {
    await page.reload();
    await shows(page, "9 nodes");
    await page.locator("main").getByText("aggregator").first().waitFor();
  });

  it("has a duplicate tab beside it: both are peers of their own", async () => {
    const inspectors = (count: number) =>
      page
        .getByRole("listitem")
        .filter({ hasText: `inspector${count}` })
        .waitFor({ timeout: 30_000 });
    await inspectors(1); // the pages of the tests before are gone
    const twin = await page.context().newPage();
    await twin.goto(page.url());
    for (const each of [page, twin]) {
      await shows(each, "9 nodes");
      await each.getByRole("listitem").filter({ hasText: "inspector2" }).waitFor();
    }
    await twin.close();
    await inspectors(1);
    await state(page, "connected");
  });
});
