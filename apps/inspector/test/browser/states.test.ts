import type { Page } from "playwright";
import { describe, expect, it } from "vitest";
import type { Fact } from "../../src/model/fact.ts";
import { formatRecording } from "../../src/model/ndjson.ts";
import { Recording } from "../../src/model/recording.ts";
import { useRig } from "./rig.ts";

const rig = useRig();

/** The screens that show a network: the letter that leads there, and what it says where there is nothing. */
const screens = [
  { letter: "o", none: "Roles" },
  { letter: "t", none: "Topology" },
  { letter: "n", none: "Up for" },
  { letter: "g", none: "No groups" },
  { letter: "s", none: "No streams" },
  { letter: "k", none: "No stores" },
  { letter: "e", none: "Nothing happened" },
  { letter: "l", none: "Nothing is measured yet" },
  { letter: "m", none: "No metrics" },
] as const;

const [me, one, two] = ["0", "1", "2"].map((digit) => digit.repeat(64)) as [string, string, string];
const began: Fact = { at: 1_000, kind: "began", network: "quiet", me };
const entry = (peer: string): Fact => {
  const said = { tags: [], addresses: [], offers: {}, signedAt: 1 };
  return { at: 2_000, kind: "entry", peer, entry: said };
};

/** Shows a recording of these facts. */
async function show(...facts: Fact[]): Promise<{ page: Page; faults: readonly string[] }> {
  const recording = new Recording();
  recording.add(facts);
  const opened = await rig.open();
  const buffer = Buffer.from(formatRecording(recording));
  const file = { name: "quiet.mosaik.ndjson", mimeType: "text/plain", buffer };
  await opened.page.locator("input[type=file]").setInputFiles(file);
  await opened.page.getByText("recording", { exact: true }).waitFor();
  return opened;
}

async function goTo(page: Page, letter: string): Promise<void> {
  await page.keyboard.press("g");
  await page.keyboard.press(letter);
  await page.locator("main h1").waitFor();
}

const says = (page: Page, text: string): Promise<void> =>
  page.locator("main").getByText(text).first().waitFor();

describe("every screen of a network", () => {
  it("says what to do where nobody else is there", async () => {
    const { page, faults } = await show(began);
    for (const { letter } of screens) {
      await goTo(page, letter);
      await says(page, "You are the only node");
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("says whom it could not look into, and that there is nothing of its kind", async () => {
    const why = "it takes a key";
    const failed: Fact = {
      ...{ at: 3_000, kind: "access", peer: one },
      access: { state: "failed", code: "DIAGNOSTICS_REFUSED", why },
    };
    const { page, faults } = await show(began, entry(one), entry(two), failed);
    for (const { letter, none } of screens) {
      await goTo(page, letter);
      await says(page, "1 of 2 nodes does not answer inspection");
      await says(page, none);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe("a group", () => {
  /** What a lone leader says of its group. */
  const told = (of: object): Fact => {
    const member = { peer: one, kind: "data", voting: true, bonded: true, lag: 0 };
    const place = { term: 1, lastIndex: 9, commit: 9, applied: 9, lag: 0, instance: "i" };
    const ways = { preference: "normal", state: "running", role: "leader", durable: true };
    const group = { machine: "ledger", online: true, me: "one#1", leader: "one#1", ...of };
    const lists = { members: { "one#1": member }, conflicts: [], alarms: [] };
    const delta = { to: { g: { ...ways, ...place, ...group, ...lists } } };
    return { at: 3_000, kind: "section", peer: one, name: "groups", delta } as Fact;
  };

  it.each([
    ["not yet", {}],
    ["agree", { checkpoint: { position: 256, hash: "f00d" } }],
  ])("says of its states: %s", async (states, of) => {
    const { page, faults } = await show(began, entry(one), told(of));
    await goTo(page, "g");
    await says(page, states);
    await page.getByRole("link", { name: "ledger" }).click();
    await page.locator("dl", { hasText: "States" }).getByText(states).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe("a screen whose code is not there yet", () => {
  it("shows that it loads, then itself", async () => {
    const { page, faults } = await rig.open();
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    await page.route("**/*.js", async (route) => {
      await arrived;
      await route.continue();
    });
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.getByRole("status", { name: "Loading" }).waitFor();
    arrive();
    await page.getByRole("heading", { name: "Playground" }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("says why where it cannot be loaded", async () => {
    const { page } = await rig.open();
    await page.route("**/*.js", (route) => route.abort());
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await says(page, "This screen could not be loaded");
    await page.context().close();
  });
});
