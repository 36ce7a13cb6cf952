import { CatalogEntrySection } from "@mosaik/discovery";
import type { Infer, PeerId } from "@mosaik/primitives";
import { type DialAttempt, DialsSection, NodeSection } from "@mosaik/transport";
import type { Host } from "../host.ts";
import { type Joined, type Observer, observe } from "../network/join.ts";
import { lookInto, peerOf, readKeyOf } from "../network/look.ts";
import { duration } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import { factLines } from "../output/table.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import type { Line } from "../terminal/text.ts";

/** A peer's attempts to connect with another, as it tells them. */
interface Dials {
  readonly by: PeerId;
  readonly attempts: readonly DialAttempt[];
}

/** Prints all that the network knows of one peer. */
export async function showPeer(host: Host, digits: string, options: InspectOptions): Promise<void> {
  const printer = new Printer(host, options);
  await observe(host, options, async (joined) => {
    const peer = peerOf(joined.node, digits);
    const facts = await factsOf(host, options, joined, peer);
    printer.one(facts, () => linesOf(facts), peer);
  });
}

type PeerFacts = Awaited<ReturnType<typeof factsOf>>;

async function factsOf(
  host: Host,
  options: InspectOptions,
  { node, deadline }: Joined<Observer>,
  peer: PeerId,
) {
  const entry = node.discovery.catalog.value.peers.get(peer);
  const others = [...node.discovery.catalog.value.peers.keys()];
  const init = { key: await readKeyOf(host, options), signal: deadline };
  const looks = await lookInto(node, others, init, async (inspection) => ({
    dials: (await inspection.read(DialsSection, init))[peer] ?? [],
    entry: await inspection.read(CatalogEntrySection, { query: { peer }, ...init }),
    self: inspection.peer === peer ? await inspection.read(NodeSection, init) : undefined,
  }));
  const own = looks.get(peer);
  const told = [...looks].flatMap(([by, look]) => (look.ok ? [{ by, ...look.value }] : []));
  const self = own?.ok ? own.value.self : undefined;
  return {
    peer,
    tags: [...(entry?.tags ?? [])].sort(),
    addresses: [...(entry?.addresses ?? [])],
    offers: Object.fromEntries([...(entry?.offers ?? [])].map(([kind, ids]) => [kind, [...ids]])),
    tickets: entry?.tickets.length ?? 0,
    version: entry?.version,
    signedAt: entry?.at,
    /** How many nodes hold its entry, by what came of checking the signature anew. */
    signature: tally(told.map((one) => one.entry.signature)),
    inside: self && insideOf(self),
    refusal: own?.ok === false ? textOf(own.error) : undefined,
    rttMs: node.connections.value.get(peer)?.rttMs,
    dials: told.flatMap(({ by, dials }): Dials[] =>
      dials.length > 0 ? [{ by, attempts: dials }] : [],
    ),
  };
}

function linesOf(facts: PeerFacts): Line[] {
  const { version, signedAt } = facts;
  const rows: (readonly [string, string])[] = [
    ["peer", facts.peer],
    ["tags", facts.tags.join(" ") || "-"],
    ["addresses", facts.addresses.join(" ") || "-"],
    ...Object.entries(facts.offers).map(([kind, ids]) => [kind, ids.join(" ")] as const),
    ["tickets", String(facts.tickets)],
    ["entry", version === undefined ? "-" : `${version.epoch}.${version.sequence}`],
    ["signed", signedAt === undefined ? "-" : new Date(signedAt).toISOString()],
    [
      "signature",
      Object.entries(facts.signature)
        .map(([is, at]) => `${is} at ${at}`)
        .join(", "),
    ],
    ["rtt", duration(facts.rttMs)],
    ...insideLines(facts),
    ...facts.dials.map(({ by, attempts }) => ["dialled", dialText(by, attempts)] as const),
  ];
  return factLines(rows);
}

function insideOf({
  now,
  startedAt,
  services,
  packages,
  runtime,
}: Infer<typeof NodeSection.value>) {
  const uptimeMs = now - startedAt;
  return { uptimeMs, clockAheadMs: now - Date.now(), services, packages, runtime };
}

function insideLines({ inside, refusal }: PeerFacts): (readonly [string, string])[] {
  if (inside === undefined) return [["inside", `it does not let us look: ${refusal}`]];
  const { uptimeMs, services, packages, runtime } = inside;
  return [
    ["up", duration(uptimeMs)],
    ["services", services.join(" ")],
    ["runs on", runtime],
    [
      "packages",
      Object.entries(packages)
        .map((each) => each.join("@"))
        .join(" ") || "-",
    ],
  ];
}

function dialText(by: PeerId, attempts: readonly DialAttempt[]): string {
  const last = attempts.at(-1);
  const outcome = last?.ok ? "connected" : (last?.reason ?? "failed");
  return `by ${by.slice(0, 8)} ${attempts.length} times, the last time: ${outcome}`;
}

function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
