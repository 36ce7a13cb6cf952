import { GroupLogSection } from "@mosaik/groups";
import type { Group } from "../../model/groups.ts";
import { useAsked } from "../../parts/asked.ts";
import { formatBytes } from "../../parts/format.ts";
import { Scrolled } from "../../parts/scrolled.tsx";
import { Unanswered } from "../../parts/states.tsx";
import { Said } from "../../parts/text.tsx";

const entriesShown = 24;
/** The tail is asked for from the next such position on: not anew with every entry. */
const step = 16;

/** The newest entries of the log, as the leader has them. */
export function LogTail({ group }: { readonly group: Group }) {
  const teller =
    group.members.find(({ id, own }) => own && id === group.leader?.id) ??
    group.members.find(({ own }) => own);
  const last = teller?.own?.lastIndex ?? 0;
  const from = Math.max(1, Math.floor((last - entriesShown) / step) * step);
  const asked = useAsked(teller?.peer ?? "", GroupLogSection, { group: group.id, from }, 500);
  return (
    <section aria-labelledby="log-tail">
      <h2 id="log-tail">Log</h2>
      <Unanswered asked={asked} />
      {asked.state === "told" && (
        <Scrolled label="Log, newest first">
          <ol class="log">
            {[...asked.value.entries]
              .reverse()
              .slice(0, entriesShown)
              .map(({ index, term, kind, bytes, commands }) => (
                <li key={index}>
                  <code>{index}</code>
                  <span>
                    <small>
                      term {term} · <Said text={kind} max={20} /> · {formatBytes(bytes)}
                    </small>{" "}
                    {commands?.map((command, at) => (
                      <code key={`${index} ${at}`} class="command">
                        <Said text={command} max={160} />
                      </code>
                    ))}
                  </span>
                </li>
              ))}
          </ol>
        </Scrolled>
      )}
    </section>
  );
}
