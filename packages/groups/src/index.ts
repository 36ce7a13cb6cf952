export {
  type GroupLimits,
  type GroupTimings,
  groupTimings,
  lanTimings,
  stateChunkBytesMax,
} from "./config.ts";
export type { SnapshotHead } from "./core/snapshot-file.ts";
export {
  type GroupLogEntry,
  GroupLogSection,
  type GroupMembership,
  GroupSnapshotSection,
  GroupsSection,
  StepDownAction,
} from "./diagnostics.ts";
export { GroupError, type GroupErrorCode } from "./errors.ts";
export {
  createGroupKey,
  formatGroupKey,
  GroupKey,
  parseGroupKey,
  stretchGroupKey,
} from "./group-key.ts";
export type {
  Answered,
  Group,
  GroupAlarm,
  GroupConditions,
  GroupMember,
  GroupStatus,
  Groups,
  JoinOptions,
  Preference,
  QueryOptions,
} from "./groups.ts";
export {
  type GroupLog,
  type LogBatch,
  type LogOpening,
  type LogStorage,
  type SnapshotSource,
  type SnapshotStage,
  snapshotChunkBytesMax,
  snapshotStagesMax,
} from "./log-storage.ts";
export { groupsMetrics } from "./metrics.ts";
export type { RoleName } from "./raft/effects.ts";
export type { Entry, EntryKind, HardState, SnapshotMeta } from "./raft/entry.ts";
export type { Configuration, Member, MemberId, MemberKind } from "./raft/member.ts";
export type { StoredState } from "./raft/raft-init.ts";
export { groups } from "./service.ts";
export { downloadSnapshot, type ReadSnapshot, readSnapshot } from "./snapshot.ts";
export {
  type ApplyContext,
  defineMachine,
  type MachineDefinition,
  noMachine,
  Rejection,
  type StateMachine,
} from "./state-machine.ts";
export type { Directory, OpenFile } from "./storage/shell/directory.ts";
export { GroupStorageError, type StorageFailure } from "./storage-error.ts";
