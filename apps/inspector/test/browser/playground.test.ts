import type { Locator, Page } from "playwright";
import { beforeEach, describe, expect, it } from "vitest";
import { useRig } from "./rig.ts";

const rig = useRig();
let page: Page;
let faults: readonly string[];

beforeEach(async () => {
  ({ page, faults } = await rig.open("?s=playground"));
  await leading().waitFor();
  return () => page.context().close();
});

/** The cards of the nodes; the one of a name; the ones of those that lead and run. */
const cards = (): Locator => page.locator("li.toy");
const card = (name: string): Locator =>
  cards().filter({ has: page.getByRole("heading", { name, exact: true }) });
const leading = (): Locator =>
  cards()
    .filter({ has: page.getByText("leader", { exact: true }) })
    .filter({ hasNot: page.getByRole("button", { name: /Reconnect|Thaw/ }) });
const nameOf = async (one: Locator): Promise<string> =>
  (await one.getByRole("heading").textContent()) ?? "";
const press = (one: Locator, name: string): Promise<void> =>
  one.getByRole("button", { name, exact: true }).click();

/** Until another than the one of a name leads. */
async function anotherThan(name: string): Promise<string> {
  const others = leading().filter({ hasNot: page.getByRole("heading", { name, exact: true }) });
  await others.first().waitFor();
  return nameOf(others.first());
}

/** Until all that count, or those of some names, have a number. */
async function number(count: number, names?: readonly string[]): Promise<void> {
  const all = names ?? (await cards().getByRole("heading").allTextContents());
  for (const name of all) await card(name).getByText(`number ${count}`).waitFor();
}

describe("in the playground", () => {
  it("one leads: it wears the crown, and says so", async () => {
    expect(await leading().count()).toBe(1);
    expect(await page.locator(".ring .crown").count()).toBe(1);
    await page.getByRole("img", { name: /: leader/ }).waitFor();
    expect(faults).toEqual([]);
  });

  it("another leads once the one that does is killed; started again, it has what it missed", async () => {
    const first = await nameOf(leading());
    await press(card(first), "Kill");
    await card(first).getByText("not running").waitFor();
    const next = await anotherThan(first);
    await page.getByText(`${next} leads in term`).first().waitFor();
    await page.getByRole("button", { name: "Add one" }).click();
    await press(card(first), "Start");
    await number(1);
    expect(faults).toEqual([]);
  });

  it("whoever is cut off no longer leads, and three of five still count", async () => {
    const first = await nameOf(leading());
    await press(card(first), "Cut off");
    const next = await anotherThan(first);
    const names = await cards().getByRole("heading").allTextContents();
    const [second = ""] = names.filter((name) => name !== first && name !== next);
    await press(card(second), "Cut off");
    await page.getByRole("button", { name: "Add one" }).click();
    const rest = names.filter((name) => name !== first && name !== second);
    await number(1, rest);
    await number(0, [first, second]);
    for (const name of [first, second]) await press(card(name), "Reconnect");
    await number(1);
    expect(faults).toEqual([]);
  });

  it("a frozen one is done without, and comes back; a slow one stays in", async () => {
    const first = await nameOf(leading());
    await press(card(first), "Freeze");
    const next = await anotherThan(first);
    await press(card(first), "Thaw");
    const names = await cards().getByRole("heading").allTextContents();
    const [slow = ""] = names.filter((name) => name !== first && name !== next);
    await press(card(slow), "Slow down");
    await page.getByRole("button", { name: "Add one" }).click();
    await number(1);
    expect(faults).toEqual([]);
  });
});
