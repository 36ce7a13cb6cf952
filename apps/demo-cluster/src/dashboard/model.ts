import type { ClusterView } from "../cluster-view.ts";
import {
  type EventRow,
  type Frame,
  flowRows,
  groupOf,
  lacking,
  linkRows,
  machineOf,
  type NodeState,
  rowOf,
  stateOf,
  sum,
  visible,
} from "./frame.ts";

/** Lines of the event log that are kept. */
const eventsMax = 200;

/** What a picture is made from, beside the cluster's view. */
export interface FrameInput {
  /** Of the clock of the view's times. */
  readonly now: number;
  /** What the operator did to a node, by its name. */
  readonly notes: ReadonlyMap<string, string>;
}

/**
 * What the dashboard remembers between two pictures: the selection, the events, and since when the
 * cluster has been settled.
 */
export class DashboardModel {
  readonly #network: string;
  readonly #startedAt: number;
  readonly #events: EventRow[] = [];
  #known = new Map<string, NodeState>();
  /** What the user moved to; until then the first node of the picture is selected. */
  #chosen: string | undefined;
  #selected: string | undefined;
  #unsettledAt: number;
  #term = 0;
  #settledAt: number | undefined;

  constructor(network: string, now: number) {
    this.#network = network;
    this.#startedAt = now;
    this.#unsettledAt = now;
  }

  /** Adds a line to the event log. */
  note(text: string, at: number): void {
    this.#events.push({ at, text });
    if (this.#events.length > eventsMax) this.#events.shift();
  }

  /** Takes a change of the view into account: who came, who went, whether all is settled. */
  follow(view: ClusterView, now: number, wallNow: number): void {
    const before = this.#known;
    this.#known = new Map([...view.nodes.values()].map((node) => [node.peer, stateOf(node, now)]));
    for (const [peer, state] of this.#known) {
      const was = before.get(peer);
      const node = view.nodes.get(peer);
      if (node === undefined || was === state) continue;
      if (state === "departed") {
        this.note(`${node.name} is gone (${node.departed?.reason ?? "unknown"})`, wallNow);
      } else if (was === undefined || was === "departed") {
        this.note(`${node.name} discovered: ${peer.slice(0, 8)}`, wallNow);
      } else if (state === "silent") this.note(`${node.name} says nothing any more`, wallNow);
      else if (was === "silent") this.note(`${node.name} speaks again`, wallNow);
    }
    const group = groupOf(view);
    if (group?.leader !== undefined && group.term > this.#term) {
      this.#term = group.term;
      this.note(`${group.leader} leads the group, term ${group.term}`, wallNow);
    }
    const lacks = lacking(view);
    if (lacks === undefined) {
      if (this.#settledAt !== undefined) return;
      this.#settledAt = now;
      const ms = Math.round(now - this.#unsettledAt);
      this.note(`settled after ${ms} ms: ${view.present.length} nodes agree`, wallNow);
    } else if (this.#settledAt !== undefined) {
      this.#settledAt = undefined;
      this.#unsettledAt = now;
    }
  }

  /** The name of the selected node. */
  get selected(): string | undefined {
    return this.#selected;
  }

  /** Moves the selection up or down the nodes of a picture. */
  move(frame: Frame, by: number): void {
    const names = frame.nodes.map((node) => node.name);
    const at = names.indexOf(this.#selected ?? "");
    this.#chosen = names[Math.min(names.length - 1, Math.max(0, at + by))];
    this.#selected = this.#chosen;
  }

  /** The picture of now. */
  frame(view: ClusterView, { now, notes }: FrameInput): Frame {
    const { links } = view;
    const shown = visible([...view.nodes.values()], now);
    const stays = shown.some((node) => node.name === this.#chosen);
    this.#selected = stays ? this.#chosen : shown[0]?.name;
    const silent = new Set(
      shown.filter((node) => stateOf(node, now) !== "up").map((node) => node.peer),
    );
    const live = links.filter((link) => !silent.has(link.to));
    const nodes = shown.map((node) => {
      return rowOf(node, live, {
        state: stateOf(node, now),
        note: notes.get(node.name) ?? "",
        selected: node.name === this.#selected,
      });
    });
    const lacks = lacking(view);
    return {
      network: this.#network,
      upMs: now - this.#startedAt,
      nodeCount: view.present.length,
      linkCount: links.length,
      perSecond: sum(live, (link) => link.perSecond),
      items: view.items,
      settled:
        lacks === undefined
          ? { kind: "yes", afterMs: (this.#settledAt ?? now) - this.#unsettledAt }
          : { kind: "no", lacks },
      nodes,
      flows: flowRows(view, live),
      links: linkRows(view, live, this.#selected),
      group: groupOf(view),
      machine: machineOf(view),
      events: this.#events,
    };
  }
}
