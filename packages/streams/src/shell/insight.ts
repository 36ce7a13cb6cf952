import type { StreamId } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import type { StreamDefinition, StreamIdentity } from "../define-stream.ts";
import {
  type ConsumedStream,
  type ProducedStream,
  PublishAction,
  StreamSampleSection,
  StreamsSection,
} from "../diagnostics.ts";
import { StreamError } from "../errors.ts";
import type { SendOutcome } from "../streams.ts";
import type { Sampler } from "./sampler.ts";

/** A producer, as far as inspectors are concerned. */
export interface InspectedProducer {
  readonly definition: StreamDefinition<unknown>;
  readonly driver: { readonly sampler: Sampler; describe(): ProducedStream };
  trySend(item: unknown): SendOutcome;
}

/** A consumer, as far as inspectors are concerned. */
export interface InspectedConsumer {
  readonly definition: StreamIdentity;
  readonly sampler: Sampler;
  describe(): ConsumedStream;
}

/** Tells inspectors of the streams of a node. */
export function describeStreams(
  { diagnostics }: ServiceContext,
  producers: ReadonlyMap<StreamId, InspectedProducer>,
  consumers: ReadonlyMap<InspectedConsumer, number>,
): void {
  diagnostics.describe(StreamsSection, () => ({
    produced: Object.fromEntries([...producers].map(([id, { driver }]) => [id, driver.describe()])),
    consumed: Object.fromEntries(
      [...consumers].map(([consumer, number]) => [String(number), consumer.describe()]),
    ),
  }));
  diagnostics.describe(StreamSampleSection, ({ stream }) => {
    const produced = producers.get(stream as StreamId)?.driver; // a text that is none is not there
    const consumed = [...consumers.keys()].find(({ definition }) => definition.id === stream);
    const sampler = produced?.sampler ?? consumed?.sampler;
    if (sampler === undefined) throw notHere("neither produced nor consumed");
    return sampler.describe();
  });
  diagnostics.offer(PublishAction, ({ stream, item }) => {
    const producer = producers.get(stream as StreamId); // a text that is none is not there
    if (producer === undefined) throw notHere("not produced");
    return { outcome: producer.trySend(itemOf(item, producer.definition)) };
  });
}

/** What an inspector gave; `trySend` checks it. */
function itemOf(
  item: { readonly json: string } | { readonly encoded: Uint8Array },
  { codec }: StreamDefinition<unknown>,
): unknown {
  if ("json" in item) {
    try {
      return JSON.parse(item.json);
    } catch (cause) {
      throw new StreamError("STREAM_ITEM_INVALID", "the item is no JSON", { cause });
    }
  }
  const decoded = codec.decode(item.encoded);
  if (decoded.ok) return decoded.value;
  const cause = decoded.error;
  throw new StreamError("STREAM_ITEM_INVALID", `the item is no ${codec.id}`, { cause });
}

function notHere(what: string): RangeError {
  return new RangeError(`the stream is ${what} on this node`);
}
