export {
  type GroupLimits,
  type GroupTimings,
  groupTimings,
  lanTimings,
  stateChunkBytesMax,
} from "./config.ts";
export {
  type GroupLogEntry,
  GroupLogSection,
  type GroupMembership,
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
export type { Effects, Outcome, Persist, RaftEvent, ReadOutcome, Refusal } from "./raft/effects.ts";
export type { Entry, EntryKind, HardState, SnapshotMeta } from "./raft/entry.ts";
export type { Input } from "./raft/input.ts";
export { type RaftLimits, raftLimits } from "./raft/limits.ts";
export {
  type Configuration,
  configuration,
  type InstanceId,
  type Member,
  type MemberId,
  type MemberKind,
  memberId,
  noInstance,
  peerOf,
} from "./raft/member.ts";
export type { Message } from "./raft/messages.ts";
export type { RaftInit, StoredState } from "./raft/raft-init.ts";
export { RaftNode } from "./raft/raft-node.ts";
export type { RaftStatus } from "./raft/status.ts";
export { groups } from "./service.ts";
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
