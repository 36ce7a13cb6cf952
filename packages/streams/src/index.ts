export { type Cause, type CauseKind, causeKinds } from "./apart/cause.ts";
export type { Side } from "./apart/side.ts";
export { streamCauses } from "./apart/stream-causes.ts";
export { whyApart } from "./apart/why-apart.ts";
export { itemBytesMax, type RetryOptions, type StreamsOptions } from "./config.ts";
export { framesCost, itemCost, ReceiveCredit, SendCredit } from "./core/credit.ts";
export { nothing } from "./core/inbox.ts";
export { type EncodeItem, itemDecoder, itemEncoder } from "./core/item-codec.ts";
export { defineStream, type StreamDefinition, type StreamIdentity } from "./define-stream.ts";
export {
  type ConsumedStream,
  type ProducedStream,
  PublishAction,
  type SampledItem,
  StreamSampleSection,
  StreamsSection,
} from "./diagnostics.ts";
export { StreamError, type StreamErrorCode } from "./errors.ts";
export { streamsMetrics } from "./metrics.ts";
export type { RunConsumer, RunListener, RunOptions, RunSource } from "./runs.ts";
export { streams } from "./service.ts";
export { type ReadableInbox, Reader } from "./shell/reader.ts";
export type {
  ConsumeOptions,
  Consumer,
  Delivery,
  LagOptions,
  PeerPredicate,
  ProduceOptions,
  Producer,
  SendOutcome,
  StreamReason,
  Streams,
  Subscription,
  SubscriptionCount,
} from "./streams.ts";
