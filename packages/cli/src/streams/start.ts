import { discovery } from "@mosaik/discovery";
import { type Streams, streams } from "@mosaik/streams";
import { createNetwork, diagnostics } from "@mosaik/transport";
import type { BaseInit } from "../network/init.ts";
import type { Observer } from "../network/join.ts";

/** An observer that also produces and consumes. */
export type Streamer = Observer & { readonly streams: Streams };

/** Every IPv4 interface, any free port: consumers come to their producers. */
export const producerListens = ["/ip4/0.0.0.0/tcp/0"];

/** Starts a node with streams. */
export function startStreamer(init: BaseInit): Promise<Streamer> {
  return createNetwork({
    ...init,
    services: { discovery: discovery(), diagnostics: diagnostics(), streams: streams() },
  });
}
