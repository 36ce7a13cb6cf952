import { expect, test } from "vitest";
import type { Directory, OpenFile } from "./directory.ts";
import { FileMedium } from "./file-medium.ts";

/** A directory that keeps nothing but how its files were written. */
function noted(): { directory: Directory; writes: [name: string, inBackground: boolean][] } {
  const writes: [string, boolean][] = [];
  const nothing = async (): Promise<void> => {};
  const file = (name: string): OpenFile => ({
    size: async () => 0,
    read: async () => new Uint8Array(0),
    write: async (_offset, _bytes, inBackground = false) => void writes.push([name, inBackground]),
    sync: nothing,
    truncate: nothing,
    close: nothing,
  });
  const directory: Directory = {
    list: async () => [],
    open: async (name) => file(name),
    remove: nothing,
    sync: nothing,
    close: nothing,
  };
  return { directory, writes };
}

test("a record is written in the background where that is asked for", async () => {
  const { directory, writes } = noted();
  const medium = new FileMedium(directory, 1_024);
  await medium.append(1, new Uint8Array(8), { isSegmentStart: true, inBackground: false });
  await medium.append(2, new Uint8Array(8), { isSegmentStart: false, inBackground: true });
  await medium.append(3, new Uint8Array(8), { isSegmentStart: true, inBackground: true });
  expect(writes).toEqual([
    ["log-1", false],
    ["log-1", true],
    ["log-3", true],
  ]);
});
