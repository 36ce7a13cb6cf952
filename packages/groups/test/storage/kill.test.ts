import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { seededRandom } from "@mosaik/primitives";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entriesOf, groupOf } from "../../src/conformance/rig.ts";
import { fileStorage } from "../../src/storage/node/index.ts";

const program = join(import.meta.dirname, "child.ts");
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "mosaik-kill-"));
});

afterAll(() => rm(directory, { recursive: true }));

/** Runs the program; kills it once it has acknowledged this many more entries. */
async function live(number: number, acknowledgements: number) {
  const args = ["--conditions=mosaik-source", program, directory, String(number)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const ended = once(child, "exit");
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (lines.length === acknowledgements + 1) child.kill("SIGKILL");
  }
  await ended;
  const [first = "{}", ...rest] = lines;
  return { found: JSON.parse(first), last: Number(rest.at(-1) ?? 0) };
}

describe("a process that is killed while it appends", () => {
  it("finds everything that was acknowledged, time after time", { timeout: 60_000 }, async () => {
    const random = seededRandom(5);
    let acknowledged = 0;
    for (let number = 1; number <= 24; number++) {
      const { found, last } = await live(number, 1 + Math.floor(random.next() * 60));
      expect(found.incarnation).toBe("life-1");
      expect(found.last).toBeGreaterThanOrEqual(acknowledged);
      expect(found.last).toBeLessThanOrEqual(acknowledged + 1);
      expect(found.term).toBe(found.last);
      acknowledged = last;
    }
    const storage = fileStorage(directory);
    const log = await storage.open({ group: groupOf("a"), freshIncarnation: "here" });
    const { stored } = log;
    const from = (stored?.snapshot?.index ?? 0) + 1;
    expect(stored?.entries).toEqual(entriesOf(from, stored?.entries.length ?? 0));
    await log.close();
  });

  it("keeps others from its room while it lives, and no longer", { timeout: 30_000 }, async () => {
    const args = ["--conditions=mosaik-source", program, directory, "99"];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const storage = fileStorage(directory);
    const opening = { group: groupOf("a"), freshIncarnation: "here" };
    await expect(storage.open(opening)).rejects.toMatchObject({ failure: "locked" });
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    child.stdout.resume();
    await ended;
    const log = await storage.open(opening);
    expect(log.incarnation).toBe("life-1");
    await log.close();
  });
});
