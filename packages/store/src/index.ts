export { StoreError, type StoreErrorCode } from "./errors.ts";
export type { BlockHead, BlockRoom, BlockStorage } from "./replay/block-storage.ts";
export { type Offset, type Position, reaches } from "./replay/core/position.ts";
export type { Gap, ReplayDelivery } from "./replay/core/replay-inbox.ts";
export type { GapReason } from "./replay/core/step.ts";
export type {
  Greeting,
  Keeper,
  KeeperStatus,
  KeepOptions,
  Replay,
  ReplayFrom,
  ReplayOptions,
  Replays,
} from "./replay/replay.ts";
export { replay } from "./replay/service.ts";
export { stores } from "./service.ts";
export type { Stores } from "./stores.ts";
