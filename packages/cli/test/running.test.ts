import { createNode } from "mosaik";
import { expect, test, vi } from "vitest";
import { type Started, serveHealth } from "../src/running/health.ts";
import { golden, nowhere } from "./transcript.ts";

const served = ["--health", ":0", "--metrics", ":0"];

test.each([
  ["node", ["--listen", "127.0.0.1:0"], ["--listen", "nowhere"]],
  ["relay", ["--listen", "127.0.0.1:0", "--max-reservations", "16"], ["--limit-bytes", "some"]],
])("%s says where it is, and leaves in order", (command, options, wrong) =>
  golden(
    nowhere,
    command,
    {
      args: [command, ...options, ...served, "--network", "field"],
      until: /invite.*\n/,
      by: "SIGTERM",
    },
    [command, ...wrong, "--network", "field"],
    [command],
  ),
);

test("a node is ready once it has a peer, the first of a network at once", async () => {
  const listen = ["127.0.0.1:0"];
  await using first = await createNode({ network: "field", listen });
  const seeds = first.addresses;
  await using second = await createNode({ network: "field", listen, seeds });
  await using alone = await createNode({ network: "field", listen, seeds: ["127.0.0.1:1"] });
  const ask = async (started: Started, path: string, headers = {}) => {
    await using health = await serveHealth("127.0.0.1:0", started);
    const answer = await fetch(`http://127.0.0.1:${health.port}${path}`, { headers });
    return [answer.status, await answer.text()];
  };
  await vi.waitUntil(() => second.connections.value.size > 0, 10_000);
  expect(await ask({ node: first, seeds: [] }, "/readyz")).toEqual([200, "ready\n"]);
  expect(await ask({ node: second, seeds }, "/readyz")).toEqual([200, "ready\n"]);
  const lonely = { node: alone, seeds: ["127.0.0.1:1"] };
  expect(await ask(lonely, "/readyz")).toEqual([503, "no peer is connected\n"]);
  expect(await ask(lonely, "/healthz")).toEqual([200, "ok\n"]);
  expect(await ask(lonely, "/else")).toEqual([404, "not found\n"]);
  const page = { origin: "https://attacker.example" };
  expect(await ask(lonely, "/healthz", page)).toEqual([403, "not for pages\n"]);
});
