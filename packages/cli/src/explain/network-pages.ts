import type { TransportErrorCode } from "@mosaik/transport";
import type { Page } from "./page.ts";

/** Of connections, addresses and inspections. */
export const networkPages: Readonly<Record<TransportErrorCode, Page>> = {
  NETWORK_CLOSED: {
    meaning: "The node was closed, or is closing, while something was still asked of it.",
    hint: "end what uses a node before you close it",
  },
  NETWORK_SERVICE_MISSING: {
    meaning: "A service of the node needs another one that was not given.",
    hint: "add the service that is named to `services` of createNetwork",
  },
  NETWORK_SERVICE_CYCLE: {
    meaning: "Services need each other in a circle, so none of them can be the first.",
    hint: "take one need out of the circle",
  },
  NETWORK_NAME_RESERVED: {
    meaning: "A service was given a name that the node itself uses.",
    hint: "name the service otherwise",
  },
  NETWORK_SERVICE_FAILED: {
    meaning: "A service failed to start; the cause says why.",
    hint: "read the cause: run again with --verbose",
  },
  NETWORK_LISTEN_FAILED: {
    meaning:
      "A listen address cannot be had: the port is taken, or this machine has no such address.",
    hint: "choose another port, or 0 for any free one: --listen 127.0.0.1:0",
  },
  NETWORK_BAD_ADDRESS: {
    meaning: "An address is of no known form: a multiaddr, host:port, ws:// URL or an invite.",
    hint: "say it like 192.0.2.1:4180 or /ip4/192.0.2.1/tcp/4180",
  },
  NETWORK_BAD_INVITE: {
    meaning: "An invite is cut, is none, or is for another network.",
    hint: "copy the whole line, from 'mosaik:' to its end",
  },
  NETWORK_UNREACHABLE: {
    meaning:
      "No address of the peer answered. The message has each address that was tried, and why it failed.",
    hint: "is a node running there? 'mosaik node --listen …' starts one",
  },
  NETWORK_UNKNOWN_PEER: {
    meaning: "No address of the peer is known: it is not in the catalog, or it listens nowhere.",
    hint: "see who is there: mosaik peers ls",
  },
  NETWORK_DIFFERENT: {
    meaning: "Somebody answered, but as a node of another network.",
    hint: "check --network: names must be equal, letter by letter",
  },
  NETWORK_WRONG_SECRET: {
    meaning: "The other end does not know the network's secret, or we do not.",
    hint: "give the secret that all its nodes share: --secret-file",
  },
  NETWORK_HANDSHAKE_TIMEOUT: {
    meaning: "The other end did not complete the handshake in time.",
    hint: "try again; if it stays, look whether that machine is overloaded",
  },
  NETWORK_INCOMPATIBLE: {
    meaning: "The other end speaks another version of the control protocol.",
    hint: "run the same major version of mosaik on both sides",
  },
  NETWORK_NO_CAPACITY: {
    meaning: "A limit of connections or channels is reached, here or there.",
    hint: "try again later, or raise the node's limits",
  },
  CHANNEL_UNSUPPORTED_PROTOCOL: {
    meaning: "The peer does not serve what was asked for: it runs without that service.",
    hint: "for looking into a node, it needs the diagnostics service",
  },
  IDENTITY_TAKEN: {
    meaning: "Another tab of the same origin has the identity that this one asked for.",
    hint: "close the other tab, or let this one have a fresh identity",
  },
  IDENTITY_UNAVAILABLE: {
    meaning: "The page may not keep an identity.",
    hint: "serve it by https or from this machine, and let it store data",
  },
  CHANNEL_CLOSED: {
    meaning: "The connection ended before the answer came.",
    hint: "try again: the node may have been restarted",
  },
  CHANNEL_LIMITED: {
    meaning: "The connection goes through a relay with limits, which only little may use.",
    hint: "wait for a direct connection, or run a relay without bytesMax and durationMaxMs",
  },
  CHANNEL_FRAME_TOO_LARGE: {
    meaning: "A message is larger than its protocol allows.",
    hint: "send less at once",
  },
  DIAGNOSTICS_REFUSED: {
    meaning:
      "The node lets nobody look into it without its inspection key, or act without its key for actions.",
    hint: "give the key: --read-key-file or --write-key-file",
  },
  DIAGNOSTICS_UNKNOWN: {
    meaning: "The node has no such section or action, or another version of it.",
    hint: "run the same version of mosaik on both sides",
  },
  DIAGNOSTICS_MALFORMED: {
    meaning: "What was asked, or what was answered, does not fit its form.",
    hint: "run the same version of mosaik on both sides",
  },
  DIAGNOSTICS_FAILED: {
    meaning: "The node could not do what was asked of it, or failed while it answered.",
    hint: "read the message, and the log of that node",
  },
  DIAGNOSTICS_TOO_LARGE: {
    meaning: "The answer does not fit into one message.",
    hint: "ask for less at once",
  },
  DIAGNOSTICS_BUSY: {
    meaning: "Too much is asked of the node at once.",
    hint: "try again in a second",
  },
};
