import type { Discovery } from "@mosaik/discovery";
import type { Link, ServiceContext } from "@mosaik/transport";
import type { Replays } from "../../replay/replay.ts";
import type { ViewMessage, ViewProtocol } from "../wire.ts";

/** What views stand on. */
export interface ViewEnvironment {
  readonly context: ServiceContext;
  readonly discovery: Discovery;
  readonly replay: Replays;
}

/** A link of the view protocol. */
export type ViewLink = Link<ViewMessage, (typeof ViewProtocol)["reasons"]>;
