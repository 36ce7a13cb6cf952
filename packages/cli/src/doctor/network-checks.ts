import { streamCauses } from "@mosaik/streams";
import { viewsOf } from "../groups/views.ts";
import type { WholeSide } from "../network/sides.ts";
import { short } from "../output/figures.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";
import { reachChecks } from "./reach-checks.ts";

/** Clocks that differ by more make entries look as if they came from the future. */
const driftMs = 10_000;

/** What is wrong between the nodes that let us look, this one among them. */
export function networkChecks(own: WholeSide, others: readonly WholeSide[]): Finding[] {
  const all = [own, ...others];
  return [
    ...clocks(others),
    ...versions(all),
    ...reachChecks(own, all),
    ...predicates(all),
    ...groups(all),
    ...convergence(all),
  ];
}

function clocks(others: readonly WholeSide[]): Finding[] {
  const wrong = others.flatMap(({ peer, node, readAt }) => {
    const ahead = node === undefined || readAt === undefined ? 0 : node.now - readAt;
    return Math.abs(ahead) > driftMs ? [{ peer, ahead }] : [];
  });
  if (wrong.length === 0) return others.length === 0 ? [] : [ok("clock", "the clocks agree")];
  return wrong.map(({ peer, ahead }) => {
    const seconds = Math.round(Math.abs(ahead) / 1_000);
    const text = `the clock of ${short(peer)} is ${seconds} s ${ahead > 0 ? "ahead of" : "behind"} ours`;
    return fail(
      "clock",
      text,
      "set both clocks (NTP): entries of the other look too new or too old",
    );
  });
}

function versions(all: readonly WholeSide[]): Finding[] {
  const seen = new Map<string, Set<string>>();
  for (const { node } of all) {
    for (const [name, version] of Object.entries(node?.packages ?? {})) {
      seen.set(name, (seen.get(name) ?? new Set()).add(version));
    }
  }
  const mixed = [...seen].filter(([, found]) => found.size > 1);
  if (mixed.length === 0) return [ok("versions", "all nodes run the same versions")];
  return mixed.map(([name, found]) => {
    const text = `nodes run ${name} in ${found.size} versions: ${[...found].sort().join(", ")}`;
    return warn("versions", text, "bring them to one version when you can");
  });
}

function predicates(all: readonly WholeSide[]): Finding[] {
  const findings = all.flatMap((consumer) =>
    all.flatMap((producer) =>
      streamCauses(consumer, producer, undefined).map(({ text, remedy }) =>
        fail("streams", `${short(consumer.peer)} from ${short(producer.peer)}: ${text}`, remedy),
      ),
    ),
  );
  if (findings.length > 0) return findings;
  return all.some(({ streams }) => streams) ? [ok("streams", "nobody is refused")] : [];
}

function groups(all: readonly WholeSide[]): Finding[] {
  return viewsOf(all).map((group) => {
    const name = `${group.name} (${short(group.id)})`;
    const told = [...group.views.values()];
    const halted = told.find(({ state }) => state === "halted");
    if (halted !== undefined) {
      const text = `a member of ${name} has halted: ${halted.reason ?? "nobody says why"}`;
      return fail("groups", text, "mend what it says, then start the node again");
    }
    if (told.some(({ online }) => online)) return ok("groups", `${name} has a leader`);
    const members = Object.values(told[0]?.members ?? {}).filter(({ voting }) => voting);
    const there = members.filter(
      ({ peer, bonded }) => bonded || all.some((one) => one.peer === peer),
    );
    const text = `${name} has lost its quorum: ${there.length} of ${members.length} voters are there`;
    return fail("groups", text, "start the members that are missing: a majority must be there");
  });
}

/** Whether all that tell of their catalogs know of as many others. */
export function catalogsAgree(all: readonly WholeSide[]): boolean {
  return catalogSizes(all).size <= 1;
}

function catalogSizes(all: readonly WholeSide[]): ReadonlySet<number> {
  return new Set(all.flatMap(({ catalog }) => (catalog === undefined ? [] : [catalog.size])));
}

function convergence(all: readonly WholeSide[]): Finding[] {
  const known = all.flatMap(({ peer, catalog }) =>
    catalog === undefined ? [] : [{ peer, refused: catalog.refused }],
  );
  const forged = known.filter(({ refused: { DISCOVERY_ENTRY_FORGED: count = 0 } }) => count > 0);
  const sizes = catalogSizes(all);
  if (forged.length > 0) {
    const text = `${forged.map(({ peer }) => short(peer)).join(", ")} met forged entries`;
    return [fail("catalog", text, "somebody in the network does not keep to the protocol")];
  }
  if (sizes.size <= 1) return [ok("catalog", `all know of ${[...sizes][0] ?? 0} others`)];
  const text = `nodes know of ${Math.min(...sizes)} to ${Math.max(...sizes)} others`;
  return [warn("catalog", text, "normal while nodes come and go; else look at who is not known")];
}
