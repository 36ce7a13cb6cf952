import { type Edge, edgesOf } from "./edges.ts";
import type { Happened } from "./fact.ts";
import { type Group, groupsOf } from "./groups.ts";
import { type Problem, problemsOf, verdictOf } from "./problems.ts";
import type { Snapshot } from "./snapshot.ts";
import { type Stream, streamsOf } from "./streams.ts";

/** What screens show: a snapshot, the events up to it, and what follows from them. */
export class View {
  readonly snapshot: Snapshot;
  /** Oldest first. */
  readonly events: readonly Happened[];
  #streams: Stream[] | undefined;
  #groups: Group[] | undefined;
  #edges: Edge[] | undefined;
  #problems: Problem[] | undefined;

  constructor(snapshot: Snapshot, events: readonly Happened[]) {
    this.snapshot = snapshot;
    this.events = events;
  }

  get streams(): readonly Stream[] {
    this.#streams ??= streamsOf(this.snapshot);
    return this.#streams;
  }

  get groups(): readonly Group[] {
    this.#groups ??= groupsOf(this.snapshot);
    return this.#groups;
  }

  get edges(): readonly Edge[] {
    this.#edges ??= edgesOf(this.snapshot, this.streams, this.groups);
    return this.#edges;
  }

  get problems(): readonly Problem[] {
    this.#problems ??= problemsOf(this.snapshot, this.streams, this.groups, this.events);
    return this.#problems;
  }

  get verdict(): string {
    return verdictOf(this.snapshot, this.groups, this.streams, this.problems);
  }
}
