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
export { TransportError, type TransportErrorCode } from "./errors.ts";
export { formatInvite, type Invite, isInvite, parseInvite } from "./invite.ts";
export { createNetwork, type Network, type NetworkHandle, type NetworkInit } from "./network.ts";
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
