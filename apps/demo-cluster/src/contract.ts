import { defineStream, type PeerEntry, type PeerPredicate } from "mosaik";
import { z } from "zod";
import { Ranges } from "./ranges.ts";

/** What a node of the demo can be. A role is a tag, no more. */
export const roles = [
  "seed",
  "sensor",
  "aggregator",
  "recorder",
  "slow-reader",
  "dashboard",
] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** Readings that a sensor sends in a second. */
export const readingsPerSecond = 20;

const count = z.number().int().nonnegative();
const bytes = z.number().nonnegative();
const ms = z.number().nonnegative();
const share = z.number().min(0).max(1);
const peer = z.string().length(64);

/** What a sensor read from the operating system. What the platform does not tell is left out. */
export const Reading = z.object({
  /** Wall-clock milliseconds. */
  at: z.number(),
  /** Of all processors, since the reading before. */
  cpuBusy: share.optional(),
  memory: z.object({ usedBytes: bytes, totalBytes: bytes }),
  /** Processes that ran or waited to run, the last minute's average. */
  load: z.number().nonnegative().optional(),
  /** Of all interfaces, since the reading before. */
  network: z.object({ receivedPerSecond: bytes, sentPerSecond: bytes }).optional(),
  /** How late the timers of the sensor's own process ran. */
  loopDelay: z.object({ p50Ms: ms, p99Ms: ms, maxMs: ms }),
});
/** See {@link Reading}. */
export type Reading = z.infer<typeof Reading>;

const range = z.object({ mean: z.number(), max: z.number() });

/** What an aggregator makes of the readings of one window of time. */
export const Summary = z.object({
  /** The end of the window, wall-clock milliseconds. */
  at: z.number(),
  windowMs: ms,
  readings: count,
  sensors: count,
  cpuBusy: range.optional(),
  memoryUsed: range.optional(),
  memoryTotal: bytes.optional(),
  load: range.optional(),
  receivedPerSecond: range.optional(),
  sentPerSecond: range.optional(),
  /** Of the sensors' 99th percentiles. */
  loopDelayMs: range.optional(),
});
/** See {@link Summary}. */
export type Summary = z.infer<typeof Summary>;

const Subscribed = z.object({
  stream: z.string().max(128),
  peer,
  items: count,
  bytes: count,
  dropped: count,
  uptimeMs: ms,
});
const Input = Subscribed.extend({
  /** From the making of an item to its arrival: the mean since the status before. */
  lagMs: ms.optional(),
});

/** What a node says of itself and of the network as it sees it. */
export const Status = z.object({
  /** Wall-clock milliseconds. */
  at: z.number(),
  pid: count,
  uptimeMs: ms,
  memoryBytes: bytes,
  /** The other peers in its catalog. */
  peers: z.array(peer).max(1_000),
  /** Its subscriptions as a consumer. */
  inputs: z.array(Input).max(1_000),
  /** Its subscriptions as a producer. */
  outputs: z.array(Subscribed).max(1_000),
  /** Items that it had to send, whether or not there was anybody, or room, to send them to. */
  offered: count,
  /** Its account of the sequence numbers of all that it consumed. */
  audit: z.object({ items: count, gaps: count, lost: count, disorder: count }),
  /** The view that it folds from the summaries, as it is there. */
  totals: z
    .object({ version: z.string().max(4_096), size: count, hash: z.string().max(64) })
    .optional(),
  /** The map of newest summaries, as it is there. */
  latest: z.object({ version: count, size: count, hash: z.string().max(64) }).optional(),
  /** Its membership of the group that keeps the ledger. */
  ledger: z
    .object({
      role: z.string().max(32),
      term: count,
      applied: count,
      /** Entries of this process that were acknowledged to it. */
      acknowledged: z.object({ writer: z.string().max(128), ranges: Ranges }).optional(),
    })
    .optional(),
});
/** See {@link Status}. */
export type Status = z.infer<typeof Status>;

/** Sensors to whoever wants them raw. */
export const Telemetry = defineStream("demo.telemetry", { schema: Reading });
/** Aggregators to whoever wants the gist. */
export const Summaries = defineStream("demo.summary", { schema: Summary });
/** Everybody to the dashboard. */
export const Statuses = defineStream("demo.status", { schema: Status });

/** Which roles feed which by a stream: what the predicates of both sides say. */
export interface Flow {
  readonly stream: string;
  readonly from: readonly Role[];
  readonly to: readonly Role[];
}

/** Every flow of the demo. */
export const flows: readonly Flow[] = [
  {
    stream: Telemetry.name,
    from: ["sensor"],
    to: ["aggregator", "recorder", "slow-reader"],
  },
  { stream: Summaries.name, from: ["aggregator"], to: ["recorder", "dashboard"] },
  {
    stream: Statuses.name,
    from: roles.filter((role) => role !== "dashboard"),
    to: ["dashboard"],
  },
];

/** The flow that a stream is for. */
export function flowOf(stream: { readonly name: string }): Flow {
  const found = flows.find((flow) => flow.stream === stream.name);
  if (found === undefined) throw new RangeError(`no flow is declared for ${stream.name}`);
  return found;
}

/** Accepts the peers that have one of some roles. */
export function anyOf(wanted: readonly Role[]): PeerPredicate {
  return (peer) => wanted.some((role) => peer.tags.has(role));
}

/** The tags that give a node its role and its name. */
export function tagsOf(role: Role, name: string): readonly string[] {
  return [role, `name=${name}`];
}

/** The name among tags. */
export function nameOf(tags: Iterable<string>): string | undefined {
  const named = [...tags].find((tag) => tag.startsWith("name="));
  return named?.slice("name=".length);
}

/** The role and the name that an entry's tags claim. */
export function claimOf(entry: PeerEntry): {
  readonly role: Role | undefined;
  readonly name: string;
} {
  return {
    role: roles.find((role) => entry.tags.has(role)),
    name: nameOf(entry.tags) ?? entry.peer.slice(0, 8),
  };
}
