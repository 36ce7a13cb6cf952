import * as v from "valibot";
import { defineAction, defineSection } from "./section.ts";

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const text = v.pipe(v.string(), v.maxLength(512));

/** What a node is. */
export const NodeSection = defineSection({
  name: "node",
  version: 1,
  value: v.object({
    /** The network's name. */
    network: text,
    peer: text,
    tags: v.array(text),
    seeds: v.array(text),
    /** Where it can be reached. */
    addresses: v.array(text),
    /** Its services, by their names. */
    services: v.array(text),
    /** The versions of the packages that its services come from, by their names. */
    packages: v.record(text, text),
    /** What it runs on: `Node.js/24`, or what a browser calls itself. */
    runtime: text,
    /** Its wall clock when it answered, and when it started: milliseconds. */
    now: v.number(),
    startedAt: v.number(),
  }),
});

const traffic = {
  /** Links that are open. */
  links: count,
  /** Bytes sent and received over all its links so far, the closed ones included. */
  bytesSent: count,
  bytesReceived: count,
  /** Bytes that wait for room below. */
  backlogBytes: count,
};

/** The admitted connections of a node, by peer. */
export const ConnectionsSection = defineSection({
  name: "connections",
  version: 1,
  value: v.record(
    text,
    v.object({
      direction: v.picklist(["inbound", "outbound"]),
      address: text,
      /** Straight to the peer, through a relay, or straight by WebRTC, which a relay arranged. */
      path: v.picklist(["direct", "relay", "webrtc"]),
      /** Smoothed round-trip time, milliseconds. */
      rttMs: v.number(),
      /** When it was admitted, wall-clock milliseconds of the node. */
      since: v.number(),
      /** By protocol. */
      protocols: v.record(text, v.object(traffic)),
    }),
  ),
});

/** One attempt to connect. */
const attempt = v.object({
  /** Wall-clock milliseconds of the node. */
  at: v.number(),
  tookMs: v.number(),
  /** Whether a connection came of it and was admitted. */
  ok: v.boolean(),
  /** The code of what went wrong. */
  code: v.optional(text),
  reason: v.optional(text),
  /** Each address that was tried, and why it failed. */
  tried: v.optional(v.array(v.object({ address: text, reason: text }))),
});

/** The newest attempts to connect, by the peer or the address that was wanted; the newest is last. */
export const DialsSection = defineSection({
  name: "dials",
  version: 1,
  value: v.record(text, v.array(attempt)),
});

/** An attempt to connect, as {@link DialsSection} tells it. */
export type DialAttempt = v.InferOutput<typeof attempt>;

/** Connections that others opened and that were not admitted; the newest is last. */
export const RefusalsSection = defineSection({
  name: "refusals",
  version: 1,
  value: v.array(
    v.object({ at: v.number(), peer: text, address: text, reason: text, text: v.optional(text) }),
  ),
});

/** Which parts of the node's log are on; there only where the log can be switched. */
export const LogsSection = defineSection({
  name: "logs",
  version: 1,
  value: v.object({ namespaces: text }),
});

/** Switches parts of the log: names divided by commas, with `*` for any text, and `-` to take out. */
export const LogNamespacesAction = defineAction({
  name: "logs.switch",
  version: 1,
  input: v.object({ namespaces: text }),
  output: v.object({ namespaces: text }),
});

/** What a node does for others as a relay; nothing of it where the node is none. */
export const RelaySection = defineSection({
  name: "relay",
  version: 1,
  value: v.object({
    /** Peers that can be reached through it. */
    reservations: count,
    /** Pairs of peers that it joins now, and that it joined so far. */
    circuits: count,
    circuitsSoFar: count,
    /** Bytes that it passed on so far, both ways. */
    bytes: count,
  }),
});

/** What the node measures, by the metric's name. */
export const MetricsSection = defineSection({
  name: "metrics",
  version: 1,
  value: v.record(
    text,
    v.object({
      kind: v.picklist(["counter", "gauge", "histogram"]),
      help: text,
      unit: text,
      /** What tells the numbers apart, where there are several. */
      label: v.optional(text),
      /** Upper ends of the buckets of a histogram. */
      buckets: v.optional(v.array(v.number())),
      /** Of counters and gauges, by the label's value; under the empty text where it has no label. */
      numbers: v.record(text, v.number()),
      /** Of histograms: how many, their sum, and how many were at most each bucket's end. */
      distributions: v.record(
        text,
        v.object({ count: v.number(), sum: v.number(), atMost: v.array(v.number()) }),
      ),
    }),
  ),
});
