import type { Discovery } from "@mosaik/discovery";
import type { Streams } from "@mosaik/streams";
import type { Link, ServiceContext } from "@mosaik/transport";
import type { ReplayMessage, ReplayProtocol } from "../wire.ts";

/** What replay stands on. */
export interface ReplayEnvironment {
  readonly context: ServiceContext;
  readonly discovery: Discovery;
  readonly streams: Streams;
}

/** A link of the replay protocol. */
export type ReplayLink = Link<ReplayMessage, (typeof ReplayProtocol)["reasons"]>;
