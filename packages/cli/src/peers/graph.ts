import { printable } from "@mosaik/primitives";
import { ConnectionsSection } from "@mosaik/transport";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { lookInto, readKeyOf } from "../network/look.ts";
import { Printer } from "../output/printer.ts";
import type { InspectOptions } from "../settings/common-options.ts";

interface Vertex {
  readonly peer: string;
  readonly tags: readonly string[];
}

/** A connection, whoever opened it. */
interface Edge {
  readonly peers: readonly [string, string];
  readonly path: string;
}

/** Prints who is connected with whom, as those tell it that let us look. */
export async function printGraph(
  host: Host,
  options: InspectOptions & { readonly as: "dot" | "mermaid" },
): Promise<void> {
  const printer = new Printer(host, options, "value");
  await observe(host, options, async ({ node, deadline }) => {
    const { peers } = node.discovery.catalog.value;
    const init = { key: await readKeyOf(host, options), signal: deadline };
    const looks = await lookInto(node, peers.keys(), init, (inspection) =>
      inspection.read(ConnectionsSection, init),
    );
    const vertices = [...peers.values()].map(({ peer, tags }) => ({
      peer,
      tags: [...tags].sort(),
    }));
    const edges = new Map<string, Edge>();
    for (const [one, look] of looks) {
      for (const [other, { path }] of Object.entries(look.ok ? look.value : {})) {
        const pair: [string, string] = one < other ? [one, other] : [other, one];
        if (peers.has(other as typeof one)) edges.set(pair.join(" "), { peers: pair, path });
      }
    }
    const sorted = [...edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
    vertices.sort((a, b) => (a.peer < b.peer ? -1 : 1));
    const text = options.as === "dot" ? dot(vertices, sorted) : mermaid(vertices, sorted);
    const lines = () => text.split("\n").map((line) => [{ text: line }]);
    printer.one({ nodes: vertices, edges: sorted }, lines, text);
  });
}

function dot(vertices: readonly Vertex[], edges: readonly Edge[]): string {
  const nodes = vertices.map(
    ({ peer, tags }) => `  ${quoted(name(peer))} [label=${label(peer, tags)}];`,
  );
  const lines = edges.map(({ peers: [one, other], path }) => {
    const look = path === "relay" ? " [style=dashed]" : "";
    return `  ${quoted(name(one))} -- ${quoted(name(other))}${look};`;
  });
  return ["graph mosaik {", ...nodes, ...lines, "}"].join("\n");
}

function mermaid(vertices: readonly Vertex[], edges: readonly Edge[]): string {
  const nodes = vertices.map(({ peer, tags }) => `  ${name(peer)}[${label(peer, tags)}]`);
  const lines = edges.map(({ peers: [one, other], path }) => {
    return `  ${name(one)} ${path === "relay" ? "-.-" : "---"} ${name(other)}`;
  });
  return ["flowchart LR", ...nodes, ...lines].join("\n");
}

function name(peer: string): string {
  return peer.slice(0, 8);
}

/** Tags are peers' words: nothing of them may end the quotes. */
function label(peer: string, tags: readonly string[]): string {
  return quoted([name(peer), ...tags].join(" "));
}

function quoted(text: string): string {
  return `"${printable(text).replaceAll(/["\\<>&]/g, "'")}"`;
}
