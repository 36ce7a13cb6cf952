import { CatalogEntrySection } from "@mosaik/discovery";
import { LogNamespacesAction, LogsSection, NodeSection } from "@mosaik/transport";
import { useSignal } from "@preact/signals";
import { driftOf } from "../../model/problems.ts";
import { type Peer, sectionOf } from "../../model/snapshot.ts";
import { Act } from "../../parts/act.tsx";
import { useAsked } from "../../parts/asked.ts";
import { PeerFacts, Tags } from "../../parts/peer-facts.tsx";
import { Said } from "../../parts/text.tsx";
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
        <PeerFacts peer={peer} letters={24} />
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
            <dt>Clock</dt>
            <dd>{drift === undefined ? "–" : `${Math.round(drift)} ms from this page's`}</dd>
            <dt>Versions</dt>
            <dd>
              <Tags of={versions.map(([name, version]) => `${name} ${version}`)} />
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
