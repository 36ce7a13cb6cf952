import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noMachine, stretchGroupKey } from "@mosaik/groups";
import { createNode, memoryStorage } from "mosaik";
import { expect, test, vi } from "vitest";
import { invoke } from "./invoke.ts";

const folder = mkdtempSync(join(tmpdir(), "mosaik-lead-"));
const [started, ended] = [join(folder, "started"), join(folder, "ended")];

/** Says that it runs, and what ended it. */
const script = `
const { writeFileSync } = require("node:fs");
process.on("SIGTERM", () => {
  writeFileSync(${JSON.stringify(ended)}, "SIGTERM");
  process.exit(0);
});
writeFileSync(${JSON.stringify(started)}, process.env.MOSAIK_FENCING_TOKEN);
setInterval(() => {}, 1_000);
`;

test("the command of a lock is ended when the lead is lost", { timeout: 60_000 }, async () => {
  const network = "locked";
  const listen = ["127.0.0.1:0"];
  const node = await createNode({ network, listen });
  // it votes, and never leads
  const witness = { founders: 2, preference: "witness" } as const;
  const key = stretchGroupKey("lock nightly of all", `${network}/nightly`);
  void node.groups
    .join({ key, machine: noMachine, storage: memoryStorage(), ...witness })
    .catch(() => {}); // it is closed under way
  const args = ["groups", "lock", "nightly", "--founders", "2", "--network", network];
  const seed = ["--seed", node.addresses[0] ?? ""];
  const running = invoke([...args, ...seed, "--", process.execPath, "-e", script]);
  await vi.waitUntil(() => existsSync(started), { timeout: 30_000 });
  expect(existsSync(ended)).toBe(false);
  await node.close(); // one of two is left
  const { exitCode, talk } = await running;
  expect(readFileSync(ended, "utf8")).toBe("SIGTERM");
  expect(talk).toContain("error[CLI_LEADERSHIP_LOST]: the lead was lost while the command ran");
  expect(exitCode).toBe(5);
});
