import { discovery } from "@mosaik/discovery";
import { defineStream, streams } from "@mosaik/streams";
import { createNetwork } from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import * as v from "valibot";

/** The least that a page loads to read and write streams: what an application would write. */
export async function join(invite: string): Promise<void> {
  const Ticks = defineStream("ticks", { schema: v.object({ n: v.number() }) });
  const network = await createNetwork({
    network: "example",
    seeds: [invite],
    transport: libp2pTransport(),
    services: { discovery: discovery(), streams: streams() },
  });
  for await (const { n } of network.streams.consume(Ticks)) document.title = String(n);
}
