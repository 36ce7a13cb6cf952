import { systemClock as clock, systemRandom as random } from "@mosaik/primitives/system";
import { createNetwork, diagnostics, LogNamespacesAction, LogsSection } from "@mosaik/transport";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { libp2pLog } from "../src/libp2p/log.ts";
import { createMemoryNetwork } from "../src/memory/index.ts";

const writeKey = "a key to write for these tests";
let lines: string[] = [];
const log = libp2pLog();

beforeEach(() => {
  lines = [];
  vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => {
  log.namespaces = "";
  vi.restoreAllMocks();
});

test("a log tells what is switched on, and only that", () => {
  const part = log.child("part");
  part.info("nobody listens");
  log.namespaces = "mosaik:*,-mosaik:*:trace";
  part.info("it happened", { peer: "ab" });
  part.warn("it is odd");
  part.error("it broke", { error: new Error("why") });
  part.debug("detail");
  part.child("100% of\u001b[2J it").info("%d %s");
  log.namespaces = "mosaik:*:trace";
  part.info("not any more");
  part.debug("detail now");
  expect(lines.map((line) => line.replace(/^\S+Z /, ""))).toEqual([
    "mosaik:part it happened peer=ab\n",
    "mosaik:part:warn it is odd\n",
    "mosaik:part:error it broke error=why\n",
    "mosaik:part:100__of__2J_it %d %s\n",
    "mosaik:part:trace detail now\n",
  ]);
});

test("namespaces that are no names are refused", () => {
  for (const namespaces of ["(a+)+", "a".repeat(1_000), "*a*a*a*a*a*", "[", "a b"]) {
    expect(() => (log.namespaces = namespaces)).toThrow(RangeError);
  }
  expect(log.namespaces).toBe("");
});

test("an inspector that may write switches it, and every event is a line", async () => {
  const node = await createNetwork({
    network: "logs",
    transport: createMemoryNetwork({ clock, random }).transport(),
    services: {
      part: {
        needs: [],
        create: ({ diagnostics }) => ({
          note: () => diagnostics.note("part.changed", { to: 5 }),
          close: async () => {},
        }),
      },
      diagnostics: diagnostics({ writeKey }),
    },
    log,
  });
  const inspection = await node.diagnostics.inspect(node.peer, { grant: "write" });
  expect(await inspection.read(LogsSection)).toEqual({ namespaces: "" });
  await inspection.act(LogNamespacesAction, { namespaces: "mosaik:part" });
  expect((await inspection.read(LogsSection)).namespaces).toBe("mosaik:part");
  node.part.note();
  expect(lines.at(-1)).toMatch(/mosaik:part part.changed to=5\n$/);
  await expect(inspection.act(LogNamespacesAction, { namespaces: "[" })).rejects.toMatchObject({
    code: "DIAGNOSTICS_FAILED",
  });
  await node.close();
});
