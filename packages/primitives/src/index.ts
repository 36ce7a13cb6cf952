export { BoundedQueue } from "./bounded-queue.ts";
export {
  compareBytes,
  concatBytes,
  decodeHex,
  decodeUtf8,
  encodeHex,
  encodeUtf8,
  equalBytes,
} from "./bytes.ts";
export { Cleanup } from "./cleanup.ts";
export type { Clock, Timer } from "./clock.ts";
export { type Codec, type CodecErrorCode, codecDepthMax } from "./codec/codec.ts";
export { jsonCodec } from "./codec/json.ts";
export { rawCodec } from "./codec/raw.ts";
export { superjsonCodec } from "./codec/superjson.ts";
export { type Condition, type ConditionErrorCode, condition } from "./condition.ts";
export { type Digest, digest, sha256 } from "./digest.ts";
export {
  InvariantError,
  invariant,
  isMosaikError,
  MosaikError,
  type MosaikErrorInit,
} from "./error.ts";
export { EventStream, type EventStreamInit } from "./event-stream.ts";
export type { Ed25519, Identity } from "./identity.ts";
export {
  decodeId,
  encodeId,
  type GroupId,
  isId,
  type NetworkId,
  networkId,
  type PeerId,
  peerId,
  type StoreId,
  type StreamId,
  shortId,
  streamId,
} from "./ids.ts";
export { type Log, type LogFacts, type SwitchableLog, silentLog } from "./log.ts";
export { authenticate, deriveKey, stretchKey } from "./mac.ts";
export { Mailbox } from "./mailbox.ts";
export { defineMessage, type Message, type MessageErrorCode } from "./message.ts";
export {
  bothMeters,
  type Counter,
  defineMetric,
  type Gauge,
  type Histogram,
  type LabelOf,
  type Meter,
  type Metric,
  silentMeter,
} from "./meter.ts";
export { escapeUnprintable, printable } from "./printable.ts";
export { jitter, type Random, randomInteger, sample, seededRandom } from "./random.ts";
export { RateLimit } from "./rate-limit.ts";
export { fail, ok, type Result } from "./result.ts";
export { type Infer, type Schema, type SchemaErrorCode, validate } from "./schema.ts";
export { openSigned, type Signed, type SignedErrorCode, signMessage } from "./signed.ts";
export { type Distribution, type Tally, TallyMeter } from "./tally-meter.ts";
export { type Watch, WatchSource } from "./watch.ts";
