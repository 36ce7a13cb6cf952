import { CatalogEntrySection } from "@mosaik/discovery";
import { LogNamespacesAction, LogsSection, NodeSection } from "@mosaik/transport";
import { useSignal } from "@preact/signals";
import { roleOf, tagsOf } from "../../model/identity.ts";
import { driftOf } from "../../model/problems.ts";
import { type Peer, sectionOf } from "../../model/snapshot.ts";
import { Act } from "../../parts/act.tsx";
import { useAsked } from "../../parts/asked.ts";
import { formatMoment, formatSpan } from "../../parts/format.ts";
import { Id, Said } from "../../parts/text.tsx";
import { view } from "../../shell/app.ts";

/** What a node is, and what it runs on. */
export function Identity({ peer }: { readonly peer: Peer }) {
  const node = sectionOf(peer, NodeSection);
  const drift = driftOf(view.value.snapshot, peer.id);
  const versions = Object.entries(node?.packages ?? {});
  return (
    <section aria-labelledby="identity">
      <h2 id="identity">Identity</h2>
      <dl class="facts">
        <dt>Id</dt>
        <dd>
          <Id id={peer.id} letters={24} />
        </dd>
        <dt>Role</dt>
        <dd>{roleOf(peer)}</dd>
        <dt>Tags</dt>
        <dd>
          {tagsOf(peer).map((tag) => (
            <span key={tag} class="tag">
              <Said text={tag} max={60} />
            </span>
          ))}
        </dd>
        <dt>Addresses</dt>
        <dd>
          {(node?.addresses ?? peer.entry?.addresses ?? []).map((address) => (
            <div key={address}>
              <code>
                <Said text={address} />
              </code>
            </div>
          ))}
        </dd>
        {node !== undefined && (
          <>
            <dt>Up for</dt>
            <dd title={formatMoment(node.startedAt)}>{formatSpan(node.now - node.startedAt)}</dd>
            <dt>Clock</dt>
            <dd>{drift === undefined ? "–" : `${Math.round(drift)} ms from this page's`}</dd>
            <dt>Runs on</dt>
            <dd>
              <Said text={node.runtime} />
            </dd>
            <dt>Versions</dt>
            <dd>
              {versions.map(([name, version]) => (
                <span key={name} class="tag">
                  <Said text={`${name} ${version}`} max={60} />
                </span>
              ))}
            </dd>
          </>
        )}
        <SignedEntry peer={peer} />
      </dl>
      <Logs peer={peer} />
    </section>
  );
}

/** The entry as this page's own node holds it, with its signature checked anew. */
function SignedEntry({ peer }: { readonly peer: Peer }) {
  const { me } = view.value.snapshot;
  const asked = useAsked(me, CatalogEntrySection, { peer: peer.id }, 5_000);
  if (asked.state !== "told") return null;
  const { signature, signed } = asked.value;
  return (
    <>
      <dt>Signed entry</dt>
      <dd>
        {signature}
        {signed !== undefined && `, ${signed.byteLength} bytes`}
      </dd>
    </>
  );
}

function Logs({ peer }: { readonly peer: Peer }) {
  const asked = useAsked(peer.id, LogsSection, undefined, 2_000);
  const wanted = useSignal<string | undefined>(undefined);
  if (asked.state !== "told") return null;
  const { namespaces } = asked.value;
  const next = wanted.value ?? namespaces;
  return (
    <Act
      peer={peer.id}
      action={LogNamespacesAction}
      input={() => ({ namespaces: next })}
      label="Switch the log"
      question={`This node shall log ${next === "" ? "nothing" : next}?`}
      told={(output) => `logs ${output.namespaces || "nothing"}`}
    >
      <label>
        Log{" "}
        <input
          value={next}
          placeholder="mosaik:*"
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
        />
      </label>
    </Act>
  );
}
