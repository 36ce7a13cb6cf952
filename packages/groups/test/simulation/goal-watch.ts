import type { Effects } from "../../src/raft/effects.ts";
import { type Configuration, findMember, peerOf } from "../../src/raft/member.ts";
import type { Message } from "../../src/raft/messages.ts";
import type { Host } from "./host.ts";
import type { Simulation } from "./simulation.ts";

/** Notes what of the goals a node reaches. */
export class GoalWatch {
  readonly #sim: Simulation;
  readonly #host: Host;
  #configuration: Configuration = { members: [] };

  constructor(sim: Simulation, host: Host) {
    this.#sim = sim;
    this.#host = host;
  }

  /** Looks at a change of roles. */
  role(wasLeader: boolean): void {
    const host = this.#host;
    if (wasLeader && !host.isLeader) this.#reach("leadership lost");
    const rival = this.#sim.hosts.some((other) => other !== host && other.isLeader);
    if (!wasLeader && host.isLeader && rival) this.#reach("two leaders at once");
  }

  /** Looks at what a node does. */
  effects({ outcomes, reads, events, persist }: Effects): void {
    for (const { kind } of outcomes) {
      if (kind === "lost" || kind === "unknown") this.#reach("proposal lost or unknown");
    }
    for (const read of reads) {
      if (read.kind === "refused" && read.reason === "leadership-lost") {
        this.#reach("read refused after leadership was lost");
      }
    }
    for (const event of events) {
      if (event.kind === "message-refused") this.#reach(`refused: ${event.reason}`);
      if (event.kind === "configuration-changed") this.#changed(event.configuration);
    }
    if (persist?.truncateFrom !== undefined) this.#reach("log truncated");
    if (persist?.compactTo !== undefined) this.#reach("log compacted");
  }

  /** Looks at what a node says. */
  sent({ kind }: Message): void {
    if (kind === "anchor") this.#reach("assisted catch-up");
    if (kind === "timeout-now") this.#reach("transfer");
  }

  #reach(goal: string): void {
    this.#sim.goals.add(goal);
  }

  #changed(next: Configuration): void {
    const before = this.#configuration;
    this.#configuration = next;
    this.#reach("configuration changed");
    if (this.#sim.network.isCut) this.#reach("configuration changed under partition");
    const { id } = this.#host;
    const [was, is] = [findMember(before, id)?.voting, findMember(next, id)?.voting];
    if (was === true && is === false) this.#reach("voter demoted");
    if (was === false && is === true) this.#reach("voter promoted");
    if (was !== undefined && is === undefined) this.#reach("member removed");
    const peers = new Set(next.members.map((member) => peerOf(member.id)));
    const replaced = before.members.some(
      (member) => !findMember(next, member.id) && peers.has(peerOf(member.id)),
    );
    if (replaced) this.#reach("incarnation replaced");
  }
}
