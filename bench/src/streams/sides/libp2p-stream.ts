import type { Stream } from "@libp2p/interface";
import type { Libp2p } from "libp2p";
import type { Arrivals } from "../arrivals.ts";
import { BatchSender, type Outlet } from "../batch-sender.ts";
import { FrameCutter } from "../frames.ts";
import type { Load } from "../load.ts";
import type { Sender } from "../side.ts";

/** What a consumer opens a stream of. */
export const protocol = "/bench/1";

/** Sends on every stream that a consumer opens. */
export async function sendFrom(
  node: Libp2p,
  { address, load, consumers }: { address: string; load: Load; consumers: number },
): Promise<Sender> {
  const sender = new BatchSender({ address, load, consumers, close: async () => node.stop() });
  await node.handle(protocol, (stream) => {
    stream.addEventListener("message", () => sender.add(outletOf(stream)), { once: true });
  });
  return sender;
}

/** Tells `arrivals` of each item that comes over a stream. */
export function receiveFrom(stream: Stream, load: Load, arrivals: Arrivals): void {
  const frames = new FrameCutter((buffer, start, end) =>
    load.receivedBytes(buffer, start, end, arrivals),
  );
  stream.addEventListener("message", ({ data }) => {
    if (data instanceof Uint8Array) frames.push(data);
    else for (const chunk of data) frames.push(chunk);
  });
  stream.send(Uint8Array.of(1)); // libp2p tells the other end of the stream with the first bytes
}

function outletOf(stream: Stream): Outlet {
  return {
    get full() {
      return stream.writableNeedsDrain;
    },
    write: (bytes) => void stream.send(bytes),
    onRoom: (call) => stream.addEventListener("drain", call, { once: true }),
  };
}
