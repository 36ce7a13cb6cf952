import type { Happened } from "../../model/fact.ts";
import { nameIn } from "../../model/identity.ts";
import { tellingsOf } from "../../model/tellings.ts";
import { EventList } from "../../parts/event-list.tsx";
import { formatCount } from "../../parts/format.ts";
import { Empty, Framed } from "../../parts/states.tsx";
import { exportRecording, failure, openRecording, view } from "../../shell/app.ts";
import { amendMore, route } from "../../shell/route.ts";
import { Lanes } from "./lanes.tsx";

const shownMax = 200;

/** What happened, as far as it is remembered. */
export function Events() {
  const { events, snapshot } = view.value;
  const { query, more } = route.value;
  const areas = [...new Set(events.map(areaOf))].sort();
  const wanted = query.toLowerCase();
  const matches = (event: Happened): boolean =>
    (!more["area"] || areaOf(event) === more["area"]) &&
    (wanted === "" ||
      [event.name, nameIn(snapshot, event.peer), ...Object.values(event.facts).map(String)].some(
        (text) => text.toLowerCase().includes(wanted),
      ));
  const shown = events.filter(matches);
  return (
    <Framed title="Events" tools={<Tools areas={areas} />}>
      {shown.length === 0 ? (
        <Empty title="Nothing happened">
          {events.length === 0
            ? "No node has told of an event yet."
            : "No event fits what you search for."}
        </Empty>
      ) : (
        <>
          <Lanes events={shown} snapshot={snapshot} />
          <p class="hint">
            {formatCount(shown.length)} events; what many nodes tell of one thing is one line below.
          </p>
          <div class="card">
            <EventList
              tellings={tellingsOf(shown, shownMax)}
              snapshot={snapshot}
              label="Events, newest first"
            />
          </div>
        </>
      )}
    </Framed>
  );
}

function areaOf({ name }: Happened): string {
  return name.split(".")[0] ?? name;
}

function Tools({ areas }: { readonly areas: readonly string[] }) {
  const load = async (input: HTMLInputElement): Promise<void> => {
    const file = input.files?.[0];
    if (file !== undefined) await openRecording(file.name, await file.text());
  };
  return (
    <>
      <span role="alert" class="error">
        {failure.value}
      </span>
      <label class="unseen" for="area">
        Area
      </label>
      <select
        id="area"
        value={route.value.more["area"] ?? ""}
        onChange={(event) => amendMore("area", event.currentTarget.value, "replace")}
      >
        <option value="">All areas</option>
        {areas.map((area) => (
          <option key={area} value={area}>
            {area.slice(0, 40)}
          </option>
        ))}
      </select>
      <button type="button" onClick={save}>
        Save the recording
      </button>
      <label class="file">
        <input type="file" accept=".ndjson" onChange={(event) => void load(event.currentTarget)} />
        <span>Open one</span>
      </label>
    </>
  );
}

/** Hands what is remembered to the browser as a file. */
function save(): void {
  const blob = new Blob([exportRecording()], { type: "application/x-ndjson" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${new Date().toISOString().replaceAll(":", "-")}.mosaik.ndjson`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
