import type { Fact } from "../../src/model/fact.ts";
import { formatRecording } from "../../src/model/ndjson.ts";
import { Recording } from "../../src/model/recording.ts";

/** How large the network is, and how much goes on in it. */
export interface Size {
  readonly nodes: number;
  /** Connections and subscriptions, together. */
  readonly edges: number;
  readonly seconds: number;
  readonly updatesPerSecond: number;
}

/** When the recording begins, and nodes that tell something anew with each update. */
export const beginsAt = 1_000_000;
const tellersAtOnce = 20;
const roles = ["sensor", "aggregator", "recorder", "gateway", "reader"];
const figures = { bytes: 0, dropped: 0, uptimeMs: 1_000, waitingItems: 0, waitingBytes: 0 };
const traffic = { links: 1, bytesSent: 1, bytesReceived: 1, backlogBytes: 0 };

/** A recording of a large network at work: rates change all the time, and each second a subscription moves. */
export function largeRecording({ nodes, edges, seconds, updatesPerSecond }: Size): string {
  const recording = new Recording();
  const links = linksOf(nodes, edges);
  const facts: Fact[] = [{ at: beginsAt, kind: "began", network: "large", me: "" }];
  facts.push({ at: beginsAt, kind: "reach", connections: 1 });
  for (let node = 0; node < nodes; node++) facts.push(...arrival(node, links));
  for (let update = 1; update <= seconds * updatesPerSecond; update++) {
    const at = beginsAt + Math.round((update * 1_000) / updatesPerSecond);
    if (update % updatesPerSecond === 0) {
      const [from = 0, to = 0] = links.subscriptions[update % links.subscriptions.length] ?? [];
      links.subscriptions[update % links.subscriptions.length] = [from, (to + 1) % nodes];
      facts.push(streams(at, from, links, update));
    }
    for (let teller = 0; teller < tellersAtOnce; teller++) {
      facts.push(streams(at, (update * tellersAtOnce + teller * 7) % nodes, links, update));
    }
  }
  recording.add(facts);
  return formatRecording(recording);
}

interface Links {
  readonly connections: readonly (readonly [number, number])[];
  readonly subscriptions: [number, number][];
}

/** Of each three edges, two are subscriptions. Every node has about as many as the others. */
function linksOf(nodes: number, edges: number): Links {
  const connections: [number, number][] = [];
  const subscriptions: [number, number][] = [];
  for (let edge = 0; edge < edges; edge++) {
    const from = edge % nodes;
    const step = 1 + ((edge * 37) % 90) + Math.floor(edge / nodes);
    (edge % 3 === 0 ? connections : subscriptions).push([from, (from + step) % nodes]);
  }
  return { connections, subscriptions };
}

function arrival(node: number, links: Links): Fact[] {
  const at = beginsAt;
  const peer = idOf(node);
  const tags = [roles[node % roles.length] ?? "", `name=node-${node}`];
  const others = links.connections.filter(([from]) => from === node);
  const connection = {
    direction: "outbound",
    address: "/ip4/10.0.0.1/tcp/1/ws",
    path: node % 9 === 0 ? "relay" : "direct",
    rttMs: 3,
    since: 1,
    protocols: { [`/mosaik/discovery/gossip/1`]: traffic },
  };
  return [
    { at, kind: "entry", peer, entry: { tags, addresses: [], offers: {}, signedAt: at } },
    {
      at,
      kind: "access",
      peer,
      access: { state: "open", grant: "read", sections: ["connections", "streams"] },
    },
    section(
      at,
      peer,
      "connections",
      Object.fromEntries(others.map(([, to]) => [idOf(to), connection])),
    ),
    streams(at, node, links, 0),
  ];
}

function streams(at: number, node: number, { subscriptions }: Links, update: number): Fact {
  const stream = `stream-${node % 12}`;
  const consumers = subscriptions.filter(([from]) => from === node);
  const produced = {
    name: stream,
    stream,
    codec: "json",
    version: 1,
    sensitive: false,
    online: true,
    incarnation: "1",
    sequence: update,
    lag: { policy: "drop-oldest", itemsMax: 64, bytesMax: 1_000_000 },
    consumers: Object.fromEntries(
      consumers.map(([, to]) => [idOf(to), { ...figures, items: update * (1 + (to % 7)) }]),
    ),
    refused: {},
  };
  return section(at, idOf(node), "streams", { produced: { [stream]: produced }, consumed: {} });
}

function section(at: number, peer: string, name: string, to: unknown): Fact {
  return { at, kind: "section", peer, name, delta: { to } } as Fact; // a section's value is plain
}

function idOf(node: number): string {
  return (0x1000 + node * 2_654_435_761).toString(16).padStart(64, "0");
}
