import { BlockList, isIPv6 } from "node:net";
import type { WholeSide } from "../network/sides.ts";
import { short } from "../output/figures.ts";
import { type Finding, ok, warn } from "./finding.ts";

/** From where an address leads to its node: from its own machine, its own networks, or anywhere. */
type Reach = "machine" | "local" | "anywhere";

/** Whether others can dial the nodes, and what relays do for those that nobody can. */
export function reachChecks(own: WholeSide, all: readonly WholeSide[]): Finding[] {
  const nodes = all.map((side) => ({ side, addresses: addressesOf(own, side) }));
  const relayed = nodes.filter(
    ({ addresses }) => addresses.length > 0 && addresses.every(isRelayed),
  );
  return [
    ...paths(relayed.map(({ side }) => side.peer)),
    ...relays(all, relayed.length),
    ...reach(nodes.map(({ side, addresses }) => [side.peer, reachOf(addresses)] as const)),
  ];
}

function addressesOf(own: WholeSide, { peer, node }: WholeSide): readonly string[] {
  return node?.addresses ?? own.catalog?.peers[peer]?.addresses ?? [];
}

function isRelayed(address: string): boolean {
  return address.includes("/p2p-circuit");
}

function paths(relayed: readonly string[]): Finding[] {
  if (relayed.length === 0) return [ok("paths", "no node needs a relay to be reached")];
  const text = `${relayed.map(short).join(", ")}: only reachable through a relay`;
  const remedy = "let it listen where others can dial it; a relay adds a hop, and its limits";
  return [warn("paths", text, remedy)];
}

function relays(all: readonly WholeSide[], relayed: number): Finding[] {
  const told = all.flatMap(({ peer, relay }) => (relay === undefined ? [] : [{ peer, ...relay }]));
  if (told.length === 0) {
    if (relayed === 0 || all.some(({ node }) => node === undefined)) return [];
    const text = "nodes say that a relay reaches them, and no node is one";
    return [warn("relay", text, "start the relay again: mosaik relay")];
  }
  return told.map(({ peer, reservations, circuits }) =>
    ok(
      "relay",
      `${short(peer)} is a relay; places kept: ${reservations}, pairs joined: ${circuits}`,
    ),
  );
}

/** A node that is known by addresses of less reach than those of others is there for some only. */
function reach(nodes: readonly (readonly [peer: string, reach: Reach | undefined])[]): Finding[] {
  const of = (wanted: Reach): string =>
    nodes.flatMap(([peer, reach]) => (reach === wanted ? [short(peer)] : [])).join(", ");
  const [machine, local, anywhere] = [of("machine"), of("local"), of("anywhere")];
  const findings: Finding[] = [];
  if (machine !== "" && local + anywhere !== "") {
    const text = `${machine}: announces only addresses of its own machine (loopback)`;
    findings.push(warn("reach", text, "let it listen on 0.0.0.0, or announce where it is reached"));
  }
  if (local !== "" && anywhere !== "") {
    const text = `${local}: announces only private addresses, others can be dialled from anywhere`;
    findings.push(warn("reach", text, "announce its public address, or have a relay reach it"));
  }
  if (findings.length > 0 || machine + local + anywhere === "") return findings;
  const from = anywhere !== "" ? "anywhere" : local !== "" ? "their own networks" : "this machine";
  return [ok("reach", `nodes announce addresses that can be dialled from ${from}`)];
}

/** How far the addresses of a node reach that lead straight to it. */
function reachOf(addresses: readonly string[]): Reach | undefined {
  const all = addresses.filter((address) => !isRelayed(address)).map(reachOfAddress);
  return (["anywhere", "local", "machine"] as const).find((one) => all.includes(one));
}

function reachOfAddress(address: string): Reach {
  if (address.startsWith("/ip6zone/")) return "local";
  const [, kind = "", host = ""] = /^\/(ip4|ip6|dns[46]?)\/([^/]+)/.exec(address) ?? [];
  if (kind.startsWith("dns")) {
    if (host === "localhost") return "machine";
    return /^[^.]+$|\.(local|localhost|internal|lan|home\.arpa)$/.test(host) ? "local" : "anywhere";
  }
  const family = isIPv6(host) ? "ipv6" : "ipv4";
  if (loopback.check(host, family)) return "machine";
  return priv.check(host, family) ? "local" : "anywhere";
}

const loopback = subnets(["127.0.0.0", 8], ["::1", 128]);
/** RFC 1918, 3927, 6598; 4193 and 4291. */
const priv = subnets(
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
  ["fc00::", 7],
  ["fe80::", 10],
);

function subnets(...all: readonly (readonly [net: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of all) list.addSubnet(net, prefix, isIPv6(net) ? "ipv6" : "ipv4");
  return list;
}
