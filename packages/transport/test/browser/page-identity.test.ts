import { openDB } from "idb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commands } from "vitest/browser";
import { pageIdentity } from "../../src/libp2p/page-identity.ts";

let tab = 0;
beforeAll(async () => {
  tab = await commands.openTab();
});
afterAll(() => commands.closeTab(tab));

const takeInTab = (name: string) =>
  commands.callInTab(tab, "/packages/transport/test/browser/identity-tab.ts", "take", name);

const shown = ({ secretKey }: { readonly secretKey: Uint8Array }) => secretKey.slice(0, 8).join();

it("a page has the same identity again, and another under another name", async () => {
  const first = await pageIdentity({ name: "again" });
  first.release();
  using second = await pageIdentity({ name: "again" });
  using other = await pageIdentity({ name: "other" });
  expect([first.kept, second.kept]).toEqual([true, true]);
  expect(second.secretKey).toEqual(first.secretKey);
  expect(other.secretKey).not.toEqual(first.secretKey);
});

it("a second tab has a fresh one, or is refused", async () => {
  using mine = await pageIdentity({ name: "two" });
  const theirs = String(await takeInTab("two"));
  expect(theirs).toMatch(/^false /);
  expect(theirs).not.toContain(shown(mine));
  const refused = pageIdentity({ name: "two", whenTaken: "refuse" });
  await expect(refused).rejects.toMatchObject({ code: "IDENTITY_TAKEN" });
});

it("a tab that is loaded anew has the one it had, and leaves it to others when it is gone", async () => {
  const before = String(await takeInTab("reload"));
  expect(before).toMatch(/^true /);
  await commands.reloadTab(tab);
  expect(await takeInTab("reload")).toBe(before);
  await commands.closeTab(tab);
  using mine = await pageIdentity({ name: "reload" });
  expect(`true ${shown(mine)}`).toBe(before);
  tab = await commands.openTab();
});

it("on disk it is encrypted by a key that cannot be read out", async () => {
  using mine = await pageIdentity({ name: "disk" });
  const database = await openDB("mosaik/identity");
  const kept = await database.get("identities", "disk");
  database.close();
  await expect(crypto.subtle.exportKey("raw", kept.wrapping)).rejects.toThrow();
  const onDisk = [...new Uint8Array(kept.wrapped)].join();
  expect(onDisk).not.toContain(shown(mine));
});
