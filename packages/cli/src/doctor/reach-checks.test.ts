import { expect, test } from "vitest";
import type { WholeSide } from "../network/sides.ts";
import { reachChecks } from "./reach-checks.ts";

const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [string, string, string];
const relayed = "/ip4/198.51.100.7/tcp/4100/p2p/12D3KooW/p2p-circuit/p2p/12D3KooX";

/** What is found where nodes announce these addresses. */
function found(announced: Readonly<Record<string, readonly string[]>>, sides: object[] = []) {
  const peers = Object.fromEntries(
    Object.entries(announced).map(([peer, addresses]) => [peer, { addresses }]),
  );
  const own = { peer: "0".repeat(64), catalog: { peers } } as unknown as WholeSide;
  const others = Object.keys(announced).map((peer) => ({ peer })) as WholeSide[];
  return reachChecks(own, [...others, ...(sides as WholeSide[])]).map(
    ({ check, level, text }) => `${level} ${check}: ${text}`,
  );
}

test("nodes on one machine are well, and so are those in one network", () => {
  expect(found({ [a]: ["/ip4/127.0.0.1/tcp/1"], [b]: ["/ip6/::1/tcp/1"] })).toContain(
    "ok reach: nodes announce addresses that can be dialled from this machine",
  );
  expect(
    found({
      [a]: ["/ip4/127.0.0.1/tcp/1", "/ip4/192.168.1.2/tcp/1"],
      [b]: ["/dns/printer.local/tcp/1"],
      [c]: ["/ip6/fd00::1/tcp/1"],
    }),
  ).toContain("ok reach: nodes announce addresses that can be dialled from their own networks");
});

test("a node that announces loopback alone is named where others are on other machines", () => {
  expect(found({ [a]: ["/ip4/127.0.0.1/tcp/1"], [b]: ["/ip4/10.0.0.2/tcp/1"] })).toContain(
    "warn reach: aaaaaaaa…: announces only addresses of its own machine (loopback)",
  );
});

test("a node that announces private addresses alone is named where others are in the internet", () => {
  const text =
    "warn reach: aaaaaaaa…: announces only private addresses, others can be dialled from anywhere";
  for (const address of ["/ip4/100.64.1.1/tcp/1", "/ip4/172.31.0.1/tcp/1", "/ip6/fe80::1/tcp/1"]) {
    expect(found({ [a]: [address], [b]: ["/dns/seed.example/tcp/443/tls/ws"] })).toContain(text);
  }
});

test("what leads through a relay says nothing of where its node is", () => {
  expect(found({ [a]: ["/ip4/127.0.0.1/tcp/1"], [b]: [relayed] })).toEqual([
    "warn paths: bbbbbbbb…: only reachable through a relay",
    "ok reach: nodes announce addresses that can be dialled from this machine",
  ]);
});

test("relays say what they do, and one that is missing is noticed where all nodes let us look", () => {
  const counts = { reservations: 2, circuits: 1, circuitsSoFar: 5, bytes: 9 };
  const looks = { node: { addresses: [relayed] } };
  expect(
    found({}, [
      { peer: a, ...looks },
      { peer: b, relay: counts },
    ]),
  ).toContain("ok relay: bbbbbbbb… is a relay; places kept: 2, pairs joined: 1");
  expect(found({}, [{ peer: a, ...looks }])).toContain(
    "warn relay: nodes say that a relay reaches them, and no node is one",
  );
  expect(found({ [b]: [] }, [{ peer: a, ...looks }]).join()).not.toContain("no node is one");
});
