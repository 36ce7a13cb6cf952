import { signal } from "@preact/signals";
import { peersOf } from "../model/identity.ts";
import { sumOf } from "../model/streams.ts";
import { live, source } from "./app.ts";

/** A figure is taken this often, ms, and so many are kept: five minutes. */
const sampleMs = 1_000;
const samplesMax = 300;

const names = ["nodes", "subscriptions", "items", "dropped", "commits"] as const;
type Courses = Readonly<Record<(typeof names)[number], readonly number[]>>;

const none: Courses = { nodes: [], subscriptions: [], items: [], dropped: [], commits: [] };

/** How the figures of the network went, oldest first. */
export const courses = signal<Courses>(none);

/** Begins to take the figures of the live network. */
export function startCourses(): void {
  source.subscribe(() => {
    courses.value = none;
  });
  setInterval(() => {
    if (source.value.kind !== "network") return;
    const { snapshot, streams, groups } = live.value;
    const subscriptions = streams.flatMap((stream) => stream.subscriptions);
    const sample = {
      nodes: peersOf(snapshot).length,
      subscriptions: subscriptions.length,
      items: sumOf(subscriptions.map(({ itemsPerSecond }) => itemsPerSecond)) ?? 0,
      dropped: subscriptions.reduce((sum, one) => sum + one.dropped, 0),
      commits: groups.reduce((sum, { commit }) => sum + commit, 0),
    };
    const next = names.map((name) => [
      name,
      [...courses.value[name], sample[name]].slice(-samplesMax),
    ]);
    courses.value = Object.fromEntries(next) as Courses; // all names, each once
  }, sampleMs);
}
