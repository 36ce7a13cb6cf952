import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createNode } from "mosaik";
import { expect, test } from "vitest";
import { invoke } from "./invoke.ts";

const secret = "a secret that nobody may see";
const readKey = "a key that nobody may see";

test("a bundle has what the nodes say, and nothing secret", { timeout: 30_000 }, async () => {
  const listen = ["127.0.0.1:0"];
  const diagnostics = { readKey, loopback: false };
  const node = await createNode({ network: "bundle", secret, listen, diagnostics });
  const cwd = mkdtempSync(join(tmpdir(), "mosaik-bundle-"));
  const invite = node.invite({ withSecret: true, readKey });
  const args = ["debug", "bundle", "--json", "--network", invite, "--read-key-env", "KEY"];
  const { exitCode, out } = await invoke(args, { cwd, env: { KEY: readKey } });
  expect(exitCode).toBe(0);
  const { file, nodes, silent }: { file: string; nodes: number; silent: number } = JSON.parse(out);
  expect({ nodes, silent }).toEqual({ nodes: 2, silent: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = gunzipSync(readFileSync(file)).toString("utf8");
  for (const hidden of [secret, readKey, invite.slice(7, 40)]) expect(text).not.toContain(hidden);
  const { nodes: told }: { nodes: Record<string, unknown>[] } = JSON.parse(text);
  const station = told.find(({ peer }) => peer === node.peer);
  expect(station).toMatchObject({
    node: { network: "bundle", runtime: expect.stringContaining("Node") },
    catalog: { size: 1 },
    metrics: { mosaik_connections: { kind: "gauge" } },
  });
  expect(JSON.stringify(station?.["events"])).toContain("connection.opened");
  await node.close();
});
