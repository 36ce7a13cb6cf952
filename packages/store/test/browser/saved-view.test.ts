import { indexedDbStorage } from "@mosaik/groups/browser";
import { deleteDB } from "idb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { savedRoom } from "../../src/view/shell/saved-states.ts";
import { Count, sums } from "../view/sums.ts";
import type { Found } from "./saved-view-tab.ts";

const inTab = "/packages/store/test/browser/saved-view-tab.ts";
const sumTo = (end: number): number => (end * (end - 1)) / 2;

let tab: number;
const call = (name: string, input?: unknown) => commands.callInTab(tab, inTab, name, input);
const start = async () => (await call("start")) as Found;

beforeEach(async () => {
  await deleteDB(`mosaik/history/${Count.id}`);
  await indexedDbStorage().destroy(savedRoom(sums().view.id));
  tab = await commands.openTab();
  expect(await start()).toEqual({ sum: 0, entries: 0, missed: 0, folded: [] });
  await call("send", [0, 2_000]);
  await call("save");
});

afterEach(() => commands.closeTab(tab));

describe("a fold that is saved in IndexedDB", () => {
  it("goes on where it was saved after its page was loaded anew: nothing twice, nothing missing", async () => {
    await call("send", [2_000, 2_500]); // kept, and not saved
    await commands.reloadTab(tab);
    const { folded, ...found } = await start();
    expect(found).toEqual({ sum: sumTo(2_500), entries: 1_000, missed: 0 });
    expect(folded.slice(0, 1)).toEqual([2_000]);
    expect(folded).toHaveLength(500);
  });

  it("is whole in another page once the first has closed it", async () => {
    await call("send", [2_000, 2_500]);
    await call("stop");
    await commands.closeTab(tab);
    tab = await commands.openTab();
    expect(await start()).toEqual({ sum: sumTo(2_500), entries: 1_000, missed: 0, folded: [] });
  });
});
