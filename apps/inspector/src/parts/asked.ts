import { MosaikError } from "@mosaik/primitives";
import type { Section } from "@mosaik/transport";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { inspectionOf, source } from "../shell/app.ts";
import { route } from "../shell/route.ts";

/** What a node was asked for while a screen shows it. */
export type Asked<Value> =
  | { readonly state: "waiting" }
  | { readonly state: "told"; readonly value: Value }
  /** Nobody can be asked, or the node did not answer: why, and how to ask it again. */
  | { readonly state: "none"; readonly why: string; readonly again?: () => void };

/** Follows a section of a node for as long as it is shown. Only of the live network. */
export function useAsked<Value, Query>(
  peer: string,
  section: Section<Value, Query>,
  query: Query,
  everyMs: number,
  isOn = true,
): Asked<Value> {
  const asked = useSignal<Asked<Value>>({ state: "waiting" });
  const turn = useSignal(0);
  const isLive = source.value.kind === "network" && route.value.at === undefined;
  const inspection = inspectionOf(peer);
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const none = (why: string, again?: () => void): void => {
      if (!signal.aborted) asked.value = { state: "none", why, ...(again && { again }) };
    };
    const again = (): void => {
      asked.value = { state: "waiting" };
      turn.value += 1;
    };
    if (!isOn) return;
    if (!isLive) return none("Only the live network can be asked for this.");
    if (inspection === undefined) return none("This node does not let us look inside now.");
    if (!inspection.sections.has(section.name)) return none("This node does not tell this.");
    const follow = async (): Promise<void> => {
      for await (const value of inspection.follow(section, { query, everyMs, signal })) {
        asked.value = { state: "told", value };
      }
    };
    follow().catch((error: unknown) => none(causeOf(error), again));
    return () => stop.abort();
  }, [inspection, section.name, JSON.stringify(query), isLive, isOn, turn.value]);
  return asked.value;
}

function causeOf(error: unknown): string {
  if (error instanceof MosaikError) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
