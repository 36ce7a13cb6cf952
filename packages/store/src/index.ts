export {
  type CellReader,
  type CellView,
  type CellWriter,
  type CellWrites,
  defineCell,
} from "./cell.ts";
export type { StoreKey } from "./core/keys.ts";
export type { StoreDefinition, StoreInit } from "./definition.ts";
export {
  type CollectionInsight,
  EditStoreAction,
  type KeeperInsight,
  KeepersSection,
  type StoreItem,
  StoreItemsSection,
  StoresSection,
  type ViewInsight,
  ViewsSection,
} from "./diagnostics.ts";
export { StoreError, type StoreErrorCode } from "./errors.ts";
export {
  defineList,
  type ListReader,
  type ListView,
  type ListWriter,
  type ListWrites,
} from "./list.ts";
export type { CellEvent } from "./machines/cell-machine.ts";
export type { ListEvent } from "./machines/list-machine.ts";
export type { MapEvent } from "./machines/map-machine.ts";
export type { PriorityRange } from "./machines/priority.ts";
export type { QueueEntry, QueueEvent } from "./machines/queue-machine.ts";
export type { SetEvent } from "./machines/set-machine.ts";
export type { UpdateArgument, Updates } from "./machines/updates.ts";
export { defineMap, type MapReader, type MapView, type MapWriter, type MapWrites } from "./map.ts";
export { storesMetrics } from "./metrics.ts";
export { defineOnce, type OnceReader, type OnceWriter, type OnceWrites } from "./once.ts";
export type { Mode, Operation, Options, ResultsOf, Written } from "./operation.ts";
export {
  definePriorityQueue,
  type PriorityQueueReader,
  type PriorityQueueView,
  type PriorityQueueWriter,
  type PriorityQueueWrites,
} from "./priority-queue.ts";
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
export { defineSet, type SetReader, type SetView, type SetWriter, type SetWrites } from "./set.ts";
export type { KeyRange } from "./sorted-tree.ts";
export type {
  Counted,
  Durability,
  Outcome,
  Reading,
  ReadOptions,
  Store,
  StoreChange,
  StoreConditions,
  StoreStatus,
  WaitOptions,
  WatchOptions,
  WriteOptions,
} from "./store.ts";
export {
  type BatchOf,
  defineStores,
  type StoreDefinitions,
  type StoresReader,
  type StoresWriter,
} from "./store-group.ts";
export type { OpenOptions, Stores } from "./stores.ts";
export type { KeyedInit, ValuesInit } from "./values-init.ts";
export { defineView, type FoldContext, type ViewDefinition } from "./view/define-view.ts";
export { views } from "./view/service.ts";
export type { FoldOptions, View, ViewChange, ViewReadOptions, Views } from "./view/views.ts";
