import { webrtc } from "@mosaik/transport/webrtc";
import { createNode } from "mosaik";
import { Ticks } from "./definitions.ts";

// A process that pages reach by webrtc-direct alone, and that counts. It writes an invite to it.
const node = await createNode({
  network: "direct",
  listen: ["/ip4/127.0.0.1/udp/0/webrtc-direct"],
  webrtc: webrtc(),
});
process.stdout.write(`${node.invite()}\n`);
const ticks = node.streams.produce(Ticks);
await ticks.when.subscribed();
for (let n = 0; n < 2_000; n++) await ticks.send({ n });
process.stdin.resume(); // ends with whoever started it
process.stdin.on("end", () => process.exit());
