import { expect, it } from "vitest";
import { hostileTexts, recordingOf } from "./hostile.ts";
import { useRig } from "./rig.ts";

const rig = useRig();

it("whatever peers say, in every field, is only ever text and stays in its place", async () => {
  const { page, faults } = await rig.open();
  page.on("dialog", (dialog) => void dialog.dismiss());
  const buffer = Buffer.from(recordingOf(hostileTexts));
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "hostile.mosaik.ndjson", mimeType: "text/plain", buffer });
  await page.getByText("recording", { exact: true }).waitFor();
  for (const key of ["o", "t", "n", "g", "s", "k", "e", "l", "m"]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.locator("main h1").waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width, `the page of ${key} is wider than its window`).toBeLessThanOrEqual(0);
  }
  const strangers = await page.evaluate(() => ({
    ran: "pwned" in globalThis,
    elements: document.querySelectorAll(
      "main img, main iframe, main script, main object, main form",
    ).length,
    links: [...document.querySelectorAll("a")].filter(
      ({ protocol }) => !protocol.startsWith("http"),
    ).length,
  }));
  expect(strangers).toEqual({ ran: false, elements: 0, links: 0 });
  expect(faults).toEqual([]);
});
