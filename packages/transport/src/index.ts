export {
  type CloseReason,
  type CommonReason,
  commonReasons,
  type ReasonTable,
} from "./close-reason.ts";
export { type ConnectionOptions, connectionDefaults } from "./config.ts";
export {
  type FrameKind,
  frame,
  frameHeaderBytes,
  frameKinds,
  frameLength,
  writeFrameHeader,
} from "./core/framing.ts";
export { applyDelta, type Delta, difference, type Plain } from "./diagnostics/core/delta.ts";
export type {
  DiagnosticEvent,
  Diagnostics,
  DiagnosticsService,
  Fact,
  Grant,
  Inspection,
  InspectOptions,
  MissedEvents,
  ReadOptions,
} from "./diagnostics/diagnostics.ts";
export { type Action, defineAction, defineSection, type Section } from "./diagnostics/section.ts";
export {
  ConnectionsSection,
  type DialAttempt,
  DialsSection,
  LogNamespacesAction,
  LogsSection,
  MetricsSection,
  NodeSection,
  RefusalsSection,
  RelaySection,
} from "./diagnostics/sections.ts";
export { type DiagnosticsOptions, diagnostics } from "./diagnostics/service.ts";
export { TransportError, type TransportErrorCode } from "./errors.ts";
export { formatInvite, type Invite, isInvite, parseInvite } from "./invite.ts";
export { transportMetrics } from "./metrics.ts";
export {
  createNetwork,
  type InviteOptions,
  type Network,
  type NetworkHandle,
  type NetworkInit,
} from "./network.ts";
export { defineProtocol, type Link, type LinkListener, type Protocol } from "./protocol.ts";
export type {
  ConnectionInfo,
  MeetsNeeds,
  Service,
  ServiceContext,
  ServiceFactories,
  ServiceFactory,
  ServicesOf,
} from "./service.ts";
export type {
  Channel,
  ChannelListener,
  Connection,
  DialTarget,
  Transport,
  TransportContext,
  TransportFactory,
  TransportListener,
} from "./transport.ts";
