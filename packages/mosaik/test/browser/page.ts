import { webrtc } from "@mosaik/transport/webrtc";
import { createNode, type Node } from "mosaik";
import { Blocks } from "./definitions.ts";

export { hinderWebRtc } from "./hinder.ts";

let node: Node | undefined;

/** A page of the network, in whatever tab this runs: who it is. */
export async function join(init: { invite: string; straight: boolean }): Promise<string> {
  const { invite, straight } = init;
  node = await createNode({
    network: "pages",
    seeds: [invite],
    ...(straight ? { webrtc: webrtc() } : {}),
  });
  await node.discovery.when.discovered();
  return node.peer;
}

/** Sends so many blocks to whoever reads them. */
export async function produce(count: number): Promise<void> {
  const blocks = node?.streams.produce(Blocks);
  await blocks?.when.subscribed();
  for (let n = 0; n < count; n++) await blocks?.send(new Uint8Array(blockBytes).fill(n));
}

/** Sends blocks, ten at a time, until this page leaves. */
export function produceOn(): void {
  const blocks = node?.streams.produce(Blocks);
  let n = 0;
  const go = async (): Promise<void> => {
    for (let left = 10; left > 0; left--) {
      await blocks?.send(new Uint8Array(blockBytes).fill(n));
      n += 1;
    }
    setTimeout(() => void go().catch(() => {}), 0);
  };
  void blocks?.when.subscribed().then(go);
}

/** Bytes of a block. */
export const blockBytes = 1_024;

/** Leaves. */
export async function leave(): Promise<void> {
  await node?.close();
}
