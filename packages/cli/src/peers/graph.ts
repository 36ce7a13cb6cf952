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

interface Edge {
  readonly from: string;
  readonly to: string;
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
    const edges: Edge[] = [];
    for (const [from, look] of looks) {
      for (const [to, { direction, path }] of Object.entries(look.ok ? look.value : {})) {
        const isTold = direction === "outbound" || looks.get(to as typeof from)?.ok !== true;
        if (isTold && peers.has(to as typeof from)) edges.push({ from, to, path });
      }
    }
    edges.sort((a, b) => (a.from + a.to < b.from + b.to ? -1 : 1));
    vertices.sort((a, b) => (a.peer < b.peer ? -1 : 1));
    const text = options.as === "dot" ? dot(vertices, edges) : mermaid(vertices, edges);
    const lines = () => text.split("\n").map((line) => [{ text: line }]);
    printer.one({ nodes: vertices, edges }, lines, text);
  });
}

function dot(vertices: readonly Vertex[], edges: readonly Edge[]): string {
  const nodes = vertices.map(
    ({ peer, tags }) => `  ${quoted(name(peer))} [label=${label(peer, tags)}];`,
  );
  const lines = edges.map(({ from, to, path }) => {
    const look = path === "relay" ? " [style=dashed]" : "";
    return `  ${quoted(name(from))} -> ${quoted(name(to))}${look};`;
  });
  return ["digraph mosaik {", ...nodes, ...lines, "}"].join("\n");
}

function mermaid(vertices: readonly Vertex[], edges: readonly Edge[]): string {
  const nodes = vertices.map(({ peer, tags }) => `  ${name(peer)}[${label(peer, tags)}]`);
  const lines = edges.map(({ from, to, path }) => {
    return `  ${name(from)} ${path === "relay" ? "-.->" : "-->"} ${name(to)}`;
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
