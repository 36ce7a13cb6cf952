export type { RetryOptions, StreamsOptions } from "./config.ts";
export { defineStream, type StreamDefinition, type StreamIdentity } from "./define-stream.ts";
export { StreamError, type StreamErrorCode } from "./errors.ts";
export { streams } from "./service.ts";
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
