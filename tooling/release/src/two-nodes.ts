// Two nodes on loopback, one stream between them: what a program that installed @mosaik/streams can
// do. Written like a user's program; the test copies it beside the installed packages and runs it.
import { discovery } from "@mosaik/discovery";
import { defineStream, streams } from "@mosaik/streams";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";

const Reading = defineStream<{ id: string; temp: number; at: Date }>("sensor.reading");

const start = (tags: readonly string[], seeds: readonly string[]) =>
  createNetwork({
    network: "two-nodes",
    seeds,
    tags,
    transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
    services: { discovery: discovery(), streams: streams() },
  });

const signal = AbortSignal.timeout(30_000);
const hub = await start(["hub"], []);
const station = await start(["station"], hub.addresses);

const readings = hub.streams.consume(Reading);
const out = station.streams.produce(Reading, { accept: (peer) => peer.tags.has("hub") });
await out.when.subscribed({ atLeast: 1, tags: ["hub"], signal });
for (const temp of [20, 21, 22]) await out.send({ id: "a", temp, at: new Date(temp) }, { signal });

const seen: number[] = [];
for await (const { temp, at } of readings) {
  if (at.getTime() === temp) seen.push(temp);
  if (seen.length === 3) break;
}
await station.close();
await hub.close();
console.log(`received ${seen.join(" ")}`);
