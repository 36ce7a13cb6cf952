import { setPriority } from "node:os";
import { CatalogSection, discovery } from "@mosaik/discovery";
import { type PeerId, rawCodec } from "@mosaik/primitives";
import {
  defineStream,
  type Producer,
  StreamSampleSection,
  StreamsSection,
  streams,
} from "@mosaik/streams";
import {
  ConnectionsSection,
  createNetwork,
  diagnostics,
  type Inspection,
  MetricsSection,
  NodeSection,
  type Section,
} from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import type { Answers } from "../processes/calls.ts";
import { serveCalls } from "../processes/serve.ts";
import type { Calls } from "./calls.ts";

const Bytes = defineStream<Uint8Array>("bench", { codec: rawCodec });
const sections: readonly Section<unknown>[] = [
  NodeSection,
  ConnectionsSection,
  StreamsSection,
  MetricsSection,
  CatalogSection as Section<unknown, never> as Section<unknown>, // its query may be left out
];
const item = new Uint8Array(256);
const options = { network: "bench", services: { discovery: discovery() } };

/** Until those that have connected have told each other who they are, ms. */
const settleMs = 1_500;

let producer: Producer<Uint8Array> | undefined;
const connected: { readonly node: AsyncDisposable; readonly inspection: Inspection }[] = [];
let stop = new AbortController();
let answered = 0;

const answers: Answers<Calls> = {
  open: async ({ seeds, as, diagnostics: told }) => {
    const node = await createNetwork({
      network: "bench",
      seeds,
      transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
      services: {
        discovery: discovery(),
        streams: streams(),
        ...(told ? { diagnostics: diagnostics() } : {}),
      },
    });
    if (as === "producer") producer = node.streams.produce(Bytes, { lag: { policy: "wait" } });
    else void drain(node.streams.consume(Bytes).batches());
    return { address: node.addresses[0] ?? "", peer: node.peer };
  },
  flow: async ({ ms }) => {
    if (producer === undefined) throw new Error("this one does not produce");
    await producer.when.subscribed();
    const before = process.cpuUsage();
    const begin = performance.now();
    let items = 0;
    while (performance.now() - begin < ms) {
      await producer.send(item);
      items++;
      for (let more = 0; more < 1_000 && producer.trySend(item) === "sent"; more++) items++;
    }
    await producer.flush();
    const { user, system } = process.cpuUsage(before);
    return { items, ms: performance.now() - begin, cpuMs: (user + system) / 1_000 };
  },
  rest: async ({ ms }) => {
    const before = process.cpuUsage();
    const begin = performance.now();
    await new Promise((resolve) => setTimeout(resolve, ms));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / (performance.now() - begin);
  },
  connect: async ({ address, peer, inspectors }) => {
    setPriority(19); // what is measured is what they cost the node, not the machine that they share
    for (let count = 0; count < inspectors; count++) {
      const node = await createNetwork({
        ...options,
        seeds: [address],
        transport: libp2pTransport({ listen: [] }),
        services: { ...options.services, diagnostics: diagnostics() },
      });
      await node.discovery.when.discovered();
      connected.push({ node, inspection: await node.diagnostics.inspect(peer as PeerId) });
    }
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    return null;
  },
  look: async ({ as }) => {
    stop = new AbortController();
    answered = 0;
    for (const { inspection } of connected) follow(inspection, as === "greedy", stop.signal);
    return null;
  },
  stopLooking: async () => {
    stop.abort();
    return answered;
  },
  disconnect: async () => {
    for (const { node } of connected.splice(0)) await node[Symbol.asyncDispose]();
    return null;
  },
};

async function drain(batches: AsyncIterable<readonly Uint8Array[]>): Promise<void> {
  for await (const _ of batches);
}

function follow(inspection: Inspection, greedy: boolean, signal: AbortSignal): void {
  const everyMs = greedy ? 0 : 1_000;
  const quietly = (work: () => Promise<void>): void => void work().catch(() => undefined);
  for (const section of sections) {
    quietly(async () => {
      for await (const _ of inspection.follow(section, { everyMs, signal })) answered++;
    });
  }
  quietly(async () => {
    for await (const _ of inspection.events({ signal }));
  });
  if (!greedy) return;
  quietly(async () => {
    const query = { stream: Bytes.id };
    for await (const _ of inspection.follow(StreamSampleSection, { query, everyMs, signal }))
      answered++;
  });
  quietly(async () => {
    while (!signal.aborted) {
      await inspection.read(StreamsSection, { signal }).catch(() => undefined); // it is too much
      answered++;
    }
  });
}

serveCalls<Calls>(async () => answers, ["flow", "rest"]);
