import type { Clock, PeerId } from "@mosaik/primitives";
import type { StreamIdentity } from "@mosaik/streams";
import type { Offset } from "../core/position.ts";
import type { ReplayEnvironment } from "./environment.ts";
import type { Request } from "./keeper-link.ts";
import type { ReplaySink } from "./replay-sink.ts";

/** Whether a producer greets newcomers of a stream. */
export function isGreeter(
  { discovery, context }: ReplayEnvironment,
  definition: StreamIdentity,
  producer: PeerId,
): boolean {
  const catalog = discovery.catalog.value;
  const entry = producer === context.peer ? catalog.me : catalog.peers.get(producer);
  return entry?.offers.get("stream.greeter")?.has(definition.id) === true;
}

/** A request for a greeting; `done` is told the place that it stands for, if all of it came. */
export function greetingRequest(
  producer: PeerId,
  sink: ReplaySink,
  clock: Clock,
  done: (place: Offset | undefined) => void,
): Request {
  let place: Offset | undefined;
  let sequence = 0;
  return {
    kind: "greet",
    begun: (begun) => {
      place = begun;
    },
    items: (run, _, taken) => {
      sink.items({ producer, incarnation: undefined, sequence, taken }, run, "kept", clock.now());
      sequence += run.items;
      return true;
    },
    ended: (isWhole) => {
      done(isWhole ? place : undefined);
      return "all";
    },
  };
}
