import type { ClusterView, LinkView, NodeView } from "../cluster-view.ts";
import { statusOf } from "../cluster-view.ts";
import { flows } from "../contract.ts";

// What should hold in the cluster. Each function lists what is missing; nothing missing: it holds.

/** Which of the peers some node that is there does not know, and who knows a peer it should not. */
export function missingPeers(view: ClusterView, expected: ReadonlySet<string>): string[] {
  const seen = new Set(view.present.map((node) => node.peer));
  const missing = [...expected].filter((peer) => !seen.has(peer));
  const complaints = missing.map((peer) => `the dashboard does not know ${peer.slice(0, 8)}`);
  for (const node of view.present) {
    if (!expected.has(node.peer)) {
      complaints.push(`the dashboard still knows ${node.name}`);
      continue;
    }
    const status = statusOf(node);
    if (status === undefined) complaints.push(`${node.name} has said nothing yet`);
    else {
      const known = new Set([...status.peers, node.peer]);
      const lacking = [...expected].filter((peer) => !known.has(peer)).length;
      const surplus = [...known].filter((peer) => !expected.has(peer)).length;
      if (lacking > 0) complaints.push(`${node.name} does not know ${lacking} of the others`);
      if (surplus > 0) complaints.push(`${node.name} knows ${surplus} that are gone`);
    }
  }
  return complaints;
}

/** The subscriptions that the roles of the nodes demand. */
export function expectedLinks(
  nodes: readonly NodeView[],
): { readonly stream: string; readonly from: NodeView; readonly to: NodeView }[] {
  return flows.flatMap(({ stream, from, to }) => {
    const has = (node: NodeView, roles: readonly string[]): boolean =>
      node.role !== undefined && roles.includes(node.role);
    const producers = nodes.filter((node) => has(node, from));
    const consumers = nodes.filter((node) => has(node, to));
    return producers.flatMap((producer) =>
      consumers.map((consumer) => ({ stream, from: producer, to: consumer })),
    );
  });
}

/** Which subscriptions a question is about, and what they must have reached. */
export interface LinkQuestion {
  /** Default: all. */
  readonly where?: (link: { readonly from: NodeView; readonly to: NodeView }) => boolean;
  /** Items that must have come. Default: 0, being subscribed is enough. */
  readonly itemsMin?: number;
}

/** Which expected subscriptions are not up, or have not carried enough. */
export function missingLinks(view: ClusterView, question: LinkQuestion = {}): string[] {
  const { where = () => true, itemsMin = 0 } = question;
  const links = new Map(view.links.map((link) => [keyOf(link), link]));
  return expectedLinks(view.present)
    .filter(where)
    .flatMap(({ stream, from, to }) => {
      const link = links.get(keyOf({ stream, from: from.peer, to: to.peer }));
      const what = `${stream} from ${from.name} to ${to.name}`;
      if (link === undefined) return [`no ${what}`];
      return link.items < itemsMin ? [`only ${link.items} items of ${what}`] : [];
    });
}

/** Which of some nodes still know a peer. */
export function stillKnowing(view: ClusterView, peer: string): string[] {
  const here = view.nodes.get(peer)?.departed === undefined ? ["the dashboard"] : [];
  const knowing = view.present.filter(
    (node) => node.peer !== peer && statusOf(node)?.peers.includes(peer),
  );
  return [...here, ...knowing.map((node) => node.name)];
}

/** Tells subscriptions apart. */
export function keyOf(link: Pick<LinkView, "stream" | "from" | "to">): string {
  return `${link.stream} ${link.from} ${link.to}`;
}
