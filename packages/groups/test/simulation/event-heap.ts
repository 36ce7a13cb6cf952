/** Something that happens at a time; ties are broken by order of scheduling. */
export interface Timed {
  atMs: number;
  order: number;
}

/** A binary heap of events, earliest first. */
export class EventHeap<Event extends Timed> {
  readonly #events: Event[] = [];
  #order = 0;

  get size(): number {
    return this.#events.length;
  }

  /** Schedules an event. */
  push(event: Event): void {
    event.order = this.#order++;
    const events = this.#events;
    let at = events.length;
    events.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = events[above];
      if (!parent || isBefore(parent, event)) break;
      events[at] = parent;
      at = above;
    }
    events[at] = event;
  }

  /** Takes the earliest event. */
  pop(): Event | undefined {
    const events = this.#events;
    const [first] = events;
    const last = events.pop();
    if (!first || !last || events.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      let child = events[below];
      if (!child) break;
      const other = events[below + 1];
      if (other && isBefore(other, child)) {
        child = other;
        below++;
      }
      if (isBefore(last, child)) break;
      events[at] = child;
      at = below;
    }
    events[at] = last;
    return first;
  }
}

function isBefore(a: Timed, b: Timed): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
