import { formatInvite } from "@mosaik/transport";
import { useSignal } from "@preact/signals";
import { Said } from "../../parts/text.tsx";
import { failure, join, leave, openRecording, progress, source } from "../../shell/app.ts";
import { recent } from "../../shell/preferences.ts";
import { Steps } from "./steps.tsx";

/** A file that is larger is no recording of ours, bytes. */
const fileBytesMax = 128 * 1024 * 1024;

/** The first screen: an invite in, a network out; each step says how it went. */
export function Connect() {
  const text = useSignal("");
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text.value.trim() !== "") void join(text.value.trim());
  };
  const isBusy = progress.value !== undefined;
  return (
    <section class="screen connect" aria-labelledby="title">
      <h1 id="title" tabIndex={-1}>
        {isBusy
          ? `Joining ${source.value.kind === "network" ? source.value.network : ""}`
          : "Look into a network"}
      </h1>
      {isBusy ? (
        <>
          <Steps />
          <button type="button" onClick={() => void leave()}>
            Leave
          </button>
        </>
      ) : (
        <>
          <p class="lead">
            This page becomes a peer of the network that you name. It watches, and takes no part.
            Nothing leaves it but to that network.
          </p>
          <form onSubmit={submit}>
            <label for="invite">Invite</label>
            <div class="row">
              <input
                id="invite"
                value={text.value}
                onInput={(event) => {
                  text.value = event.currentTarget.value;
                }}
                placeholder="mosaik:…"
                spellcheck={false}
                autocomplete="off"
                aria-describedby="invite-hint invite-error"
              />
              <button type="submit" class="primary">
                Join
              </button>
            </div>
            <p id="invite-hint" class="hint">
              What <code>node.invite()</code> of any node that listens on <code>ws://</code> gives.
              It stays in this page.
            </p>
            <p id="invite-error" class="error" role="alert">
              {failure.value}
            </p>
          </form>
          <Others />
        </>
      )}
    </section>
  );
}

/** Ways in without an invite at hand. */
function Others() {
  const load = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    if (file === undefined) return;
    if (file.size > fileBytesMax) {
      failure.value = "That file is too large for a recording.";
      return;
    }
    await openRecording(file.name, await file.text());
  };
  return (
    <div class="others">
      <section aria-labelledby="recent">
        <h2 id="recent">Recent</h2>
        {recent.value.length === 0 ? (
          <p class="hint">
            None yet. For a network to look into, run <code>pnpm demo</code> in a clone of mosaik.
          </p>
        ) : (
          <ul>
            {recent.value.map((each) => (
              <li key={each.network}>
                <button type="button" class="wide" onClick={() => void join(formatInvite(each))}>
                  <Said text={each.network} max={40} />
                  <small>{each.seeds.length} seeds</small>
                </button>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="recorded">
        <h2 id="recorded">Recording</h2>
        <label class="file">
          <input
            type="file"
            accept=".ndjson"
            onChange={(event) => void load(event.currentTarget)}
          />
          <span>Open a .mosaik.ndjson file</span>
        </label>
        <p class="hint">Shows what somebody else saw, at any moment of it. Needs no network.</p>
      </section>
    </div>
  );
}
