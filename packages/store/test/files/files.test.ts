import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fileStorage } from "@mosaik/groups/node";
import { expect, it } from "vitest";
import { type Shop, valueAt, withShop } from "./shop.ts";

function expectAll(shop: Shop, to: number): void {
  const all = Array.from({ length: to }, (_, at) => [at + 1, valueAt(at + 1)]);
  for (const writer of shop.writers) expect([...writer]).toEqual(all);
}

it.each([
  [2, [0]],
  [2, [0, 1]],
  [3, [2]],
  [3, [0, 1]],
  [3, [0, 1, 2]],
])(
  "of %i writers on files, %j are killed and started again: nothing acknowledged is lost",
  (count, which) =>
    withShop(count, async (shop) => {
      await shop.start(...shop.all);
      await shop.fill(1, 60);
      await shop.kill(...which);
      if (which.length * 2 < count) await shop.fill(61, 70); // a majority is left
      await shop.start(...which);
      const from = which.length * 2 < count ? 71 : 61;
      const version = await shop.fill(from, 80);
      await Promise.all(shop.writers.map(({ when }) => when.reaches(version)));
      expectAll(shop, 80);
      expect(new Set(shop.writers.map(({ hash }) => hash)).size).toBe(1);
    }),
);

it(
  "a changed byte of a snapshot is named, the others go on, and with a new room the writer has everything again",
  { timeout: 30_000 },
  () =>
    withShop(3, async (shop) => {
      await shop.start(...shop.all);
      const group = shop.writer(0).group;
      await shop.fill(1, 60);
      const [first] = shop.all;
      if (first === undefined) throw new Error("nobody is there");
      await shop.kill(first);
      const room = join(shop.path(first), group);
      const names = (await readdir(room)).filter((name) => name.startsWith("snapshot"));
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const bytes = await readFile(join(room, name));
        const middle = bytes.byteLength >> 1;
        bytes[middle] = (bytes[middle] ?? 0) ^ 1;
        await writeFile(join(room, name), bytes);
      }
      const { status } = await shop.open(first);
      await shop.until(() => status.value.state === "halted");
      expect(status.value.reason).toBe("a snapshot cannot be read");
      await expect(shop.writer(first).set(1, "")).rejects.toMatchObject({
        code: "STORE_HALTED",
        cause: { cause: { failure: "corrupt" } },
      });
      await shop.stop(first);
      await shop.fill(61, 70);
      await fileStorage(shop.path(first)).destroy(group);
      await shop.start(first);
      const version = await shop.fill(71, 80);
      await Promise.all(shop.writers.map(({ when }) => when.reaches(version)));
      expectAll(shop, 80);
    }),
);

it("a disk that is full while a writer writes is named, and with room all that was acknowledged is there", {
  timeout: 60_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "mosaik-full-"));
  try {
    const full = await write(directory, 300);
    expect(full.code).toBe("STORE_STORAGE_FAILED");
    expect(full.acknowledged.length).toBeGreaterThan(50);
    const after = await write(directory, undefined);
    expect(after.code).toBeUndefined();
    expect(after.isWhole).toBe(true);
    expect(full.acknowledged.filter((key) => !after.found.includes(key))).toEqual([]);
    expect(after.acknowledged.length).toBe(100);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

interface Told {
  readonly found: readonly number[];
  readonly isWhole: boolean;
  readonly acknowledged: readonly number[];
  readonly code?: string;
}

/** Has a process write until it cannot; `kibibytes`: as much as a file may have, as on a full disk. */
async function write(directory: string, kibibytes: number | undefined): Promise<Told> {
  const program = fileURLToPath(new URL("./writer-program.ts", import.meta.url));
  const node = [process.execPath, "--conditions=mosaik-source", program, directory];
  const limit = kibibytes === undefined ? "unlimited" : `${kibibytes * 2}`;
  const child = spawn("/bin/sh", ["-c", 'ulimit -f "$0" && exec "$@"', limit, ...node], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (part) => {
    text += String(part);
  });
  await once(child, "close");
  return JSON.parse(text) as Told;
}
