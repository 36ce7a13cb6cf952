import { NodeSection } from "@mosaik/transport";
import { roleOf, tagsOf } from "../model/identity.ts";
import { type Peer, sectionOf } from "../model/snapshot.ts";
import { formatMoment, formatSpan } from "./format.ts";
import { Id, Said } from "./text.tsx";

/** Who a peer is, what it calls itself, and since when it runs: parts of a `dl`. */
export function PeerFacts({ peer, letters }: { readonly peer: Peer; readonly letters: number }) {
  const node = sectionOf(peer, NodeSection);
  return (
    <>
      <dt>Id</dt>
      <dd>
        <Id id={peer.id} letters={letters} />
      </dd>
      <dt>Role</dt>
      <dd>{roleOf(peer)}</dd>
      <dt>Tags</dt>
      <dd>
        <Tags of={tagsOf(peer)} />
      </dd>
      {node !== undefined && (
        <>
          <dt>Up for</dt>
          <dd title={formatMoment(node.startedAt)}>{formatSpan(node.now - node.startedAt)}</dd>
          <dt>Runs on</dt>
          <dd>
            <Said text={node.runtime} max={60} />
          </dd>
        </>
      )}
    </>
  );
}

/** Short texts in a row. */
export function Tags({ of }: { readonly of: readonly string[] }) {
  return of.map((tag) => (
    <span key={tag} class="tag">
      <Said text={tag} max={60} />
    </span>
  ));
}
