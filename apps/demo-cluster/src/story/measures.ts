import { type ClusterView, type LinkView, type NodeView, statusOf } from "../cluster-view.ts";
import { Telemetry } from "../contract.ts";
import type { CheckResult } from "./checks.ts";
import { keyOf } from "./expectations.ts";

/** A subscription that is not affected carries at least this share of what its sensor has to send. */
const shareMin = 0.8;
/** And each item at most this late, in the mean. Two processors run a dozen processes here. */
const lagMaxMs = 250;

/** A subscription to readings at a moment, and what its sensor has had to send by then. */
export interface Carried {
  readonly link: LinkView;
  readonly offered: number;
  /** When the sensor said so, milliseconds of its wall clock. */
  readonly offeredAt: number;
}

/** The subscriptions to readings that a peer has no part in, as they are now. */
export function readingsWithout(view: ClusterView, peer: string): Carried[] {
  return view.links.flatMap((link) => {
    const sensor = view.nodes.get(link.from);
    const status = sensor === undefined ? undefined : statusOf(sensor);
    const apart = link.from !== peer && link.to !== peer;
    if (link.stream !== Telemetry.name || !apart || status === undefined) return [];
    return { link, offered: status.offered, offeredAt: status.at };
  });
}

/** Whether subscriptions carried on as they were: all that there was to send, nothing late. */
export function carriedOn(
  before: readonly Carried[],
  after: readonly Carried[],
  slack = 1,
): Pick<CheckResult, "ok" | "detail"> {
  const now = new Map(after.map((one) => [keyOf(one.link), one]));
  const shares: number[] = [];
  const lags: number[] = [];
  let dropped = 0;
  let gone = 0;
  for (const old of before) {
    const later = now.get(keyOf(old.link));
    if (later === undefined || later.link.items < old.link.items) gone += 1;
    else {
      shares.push(shareOf(old, later));
      lags.push(later.link.lagMs ?? 0);
      dropped += later.link.dropped - old.link.dropped;
    }
  }
  const share = Math.min(1, ...shares);
  const lag = Math.max(0, ...lags);
  const whole = before.length > 0 && gone === 0 && dropped === 0;
  const detail =
    `${before.length} subscriptions: ${gone} ended, ${dropped} readings dropped, at least ` +
    `${Math.round(share * 100)} % of what there was to send arrived, at most ${lag.toFixed(0)} ms late`;
  return { ok: whole && share >= shareMin && lag <= lagMaxMs * slack, detail };
}

/** Items that came for each that was to be sent. Both ends report now and then: rates compare. */
function shareOf(old: Carried, later: Carried): number {
  const came = (later.link.items - old.link.items) / Math.max(1, later.link.at - old.link.at);
  const sent = (later.offered - old.offered) / Math.max(1, later.offeredAt - old.offeredAt);
  return sent === 0 ? 0 : came / sent;
}

/** What the sensors say they dropped for a consumer, by their names. */
export function droppedFor(nodes: readonly NodeView[], peer: string): Map<string, number> {
  return new Map(
    nodes
      .filter((node) => node.role === "sensor")
      .map((node) => [node.name, outputTo(node, peer)?.dropped ?? 0]),
  );
}

/** Where the account of a consumer and those of the sensors that feed it differ. */
export function untold(nodes: readonly NodeView[], peer: string): string[] {
  const consumer = nodes.find((node) => node.peer === peer);
  const status = consumer === undefined ? undefined : statusOf(consumer);
  if (status === undefined) return ["the consumer says nothing"];
  let gaps = 0;
  const differing = nodes.flatMap((node) => {
    const output = outputTo(node, peer);
    if (node.role !== "sensor" || output === undefined) return [];
    gaps += output.dropped;
    const told = status.inputs.find((input) => input.peer === node.peer)?.dropped ?? 0;
    return told === output.dropped ? [] : [`${node.name} dropped ${output.dropped}, told ${told}`];
  });
  const { audit } = status;
  if (audit.gaps !== gaps) differing.push(`${gaps} dropped, gaps of ${audit.gaps} delivered`);
  if (audit.lost > 0) differing.push(`${audit.lost} lost without a word`);
  return differing;
}

function outputTo(node: NodeView, peer: string) {
  return statusOf(node)?.outputs.find(
    (output) => output.stream === Telemetry.name && output.peer === peer,
  );
}
