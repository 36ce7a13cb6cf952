import { type LinkView, type NodeView, statusOf } from "../cluster-view.ts";
import { readingsPerSecond, Telemetry } from "../contract.ts";
import type { CheckResult } from "./checks.ts";
import { keyOf } from "./expectations.ts";

/** A subscription that is not affected gets at least this share of what sensors send. */
const rateShareMin = 0.8;
/** And each item at most this late, in the mean. Two processors run a dozen processes here. */
const lagMaxMs = 250;

/** The subscriptions to readings that a peer has no part in. */
export function readingsWithout(links: readonly LinkView[], peer: string): LinkView[] {
  return links.filter(
    (link) => link.stream === Telemetry.name && link.from !== peer && link.to !== peer,
  );
}

/** Whether subscriptions carried on as they were: same rate, no item lost, no delay. */
export function carriedOn(
  name: string,
  before: readonly LinkView[],
  after: readonly LinkView[],
): CheckResult {
  const now = new Map(after.map((link) => [keyOf(link), link]));
  const rates: number[] = [];
  const lags: number[] = [];
  let dropped = 0;
  let gone = 0;
  for (const old of before) {
    const link = now.get(keyOf(old));
    if (link === undefined || link.items < old.items) gone += 1;
    else {
      rates.push(((link.items - old.items) * 1_000) / Math.max(1, link.at - old.at));
      lags.push(link.lagMs ?? 0);
      dropped += link.dropped - old.dropped;
    }
  }
  const rate = Math.min(...rates);
  const lag = Math.max(...lags);
  const ok =
    before.length > 0 &&
    gone === 0 &&
    dropped === 0 &&
    rate >= rateShareMin * readingsPerSecond &&
    lag <= lagMaxMs;
  const detail =
    `${before.length} subscriptions: ${gone} ended, ${dropped} readings dropped, at least ` +
    `${rate.toFixed(1)} of ${readingsPerSecond} readings/s, at most ${lag.toFixed(0)} ms late`;
  return { name, ok, detail };
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
