import type { Persist } from "../../src/raft/effects.ts";
import type { Entry } from "../../src/raft/entry.ts";
import type { Configuration, MemberId, MemberKind } from "../../src/raft/member.ts";
import { votersChanged, votersOf } from "../../src/raft/membership.ts";
import type { Message } from "../../src/raft/messages.ts";
import type { Disk } from "./disk.ts";
import { mix } from "./machine.ts";
import { SessionCheck } from "./session-check.ts";
import { Violation } from "./violation.ts";

/** What the checkers need to see of a node. */
export interface Observed {
  readonly id: MemberId;
  readonly kind: MemberKind;
  readonly isWitness: boolean;
  readonly disk: Disk;
  readonly mirror: Mirror;
  readonly term: number;
  readonly isLeader: boolean;
  /** The latest configuration it knows. */
  readonly configuration: Configuration;
}

/** A copy of a node's log in memory, as its effects tell: terms, and a hash of all up to each entry. */
export class Mirror {
  baseIndex = 0;
  baseHash = 1;
  baseTerm = 0;
  terms: number[] = [];
  hashes: number[] = [];
  configurations: { readonly index: number; readonly configuration: Configuration }[] = [];
  /** The instance, the highest term and the highest commit index that it was seen with. */
  instance = "";
  term = 0;
  commit = 0;

  get lastIndex(): number {
    return this.baseIndex + this.terms.length;
  }

  termAt(index: number): number | undefined {
    return index === this.baseIndex ? this.baseTerm : this.terms[index - this.baseIndex - 1];
  }

  get configuration(): Configuration {
    return this.configurations.at(-1)?.configuration ?? { members: [] };
  }
}

const termShift = 2 ** 26;

/**
 * Watches a whole run, from outside and all knowing: election safety, leader append-only, log
 * matching, leader completeness, state machine safety, monotonicity, durability of what is
 * acknowledged, legality of configurations, and that nothing is said before it is durable.
 */
export class Checkers {
  /** The highest term in which somebody voted or led. */
  highestTerm = 0;
  /** The latest configuration that is committed. */
  committedConfiguration:
    | { readonly index: number; readonly configuration: Configuration }
    | undefined;
  readonly sessions = new SessionCheck();
  /** What of the goals only they see. */
  readonly goals = new Set<string>();
  readonly #leaders = new Map<number, MemberId>();
  /** By term and index: the hash of the log up to that entry. */
  readonly #entries = new Map<number, number>();
  readonly #contents = new Map<number, number>();
  readonly #committed: {
    readonly term: number;
    readonly content: number;
    /** The term of whoever was first to know: that it was committed in, or a later one. */
    readonly inTerm: number;
  }[] = [];
  readonly #stateHashes = new Map<number, number>();
  readonly #hard = new Map<MemberId, { term: number; vote: string | undefined }>();
  #committedTerms = new Set<number>();

  get committedIndex(): number {
    return this.#committed.length;
  }

  get leaders(): number {
    return this.#leaders.size;
  }

  /** 1 and 4: one leader a term, and it has all that was committed in earlier ones. */
  elected(node: Observed): void {
    const other = this.#leaders.get(node.term);
    if (other !== undefined && other !== node.id) {
      throw new Violation(`election safety: ${other} and ${node.id} lead term ${node.term}`);
    }
    this.#leaders.set(node.term, node.id);
    let index = this.committedIndex;
    while (index > 0 && (this.#committed[index - 1]?.inTerm ?? 0) >= node.term) index--;
    this.#complete(node, index);
  }

  /** A node begins with what its disk holds. */
  restored(node: Observed, entries: readonly Entry[]): void {
    const { mirror } = node;
    mirror.baseHash = this.#entries.get(mirror.baseTerm * termShift + mirror.baseIndex) ?? 1;
    for (const entry of entries) this.#add(node, entry);
  }

  /** A disk is empty again, on purpose. */
  forget(id: MemberId): void {
    this.#hard.delete(id);
  }

  /** 2, 3 and 9: what a node adds to its log. */
  persisting(node: Observed, batch: Persist): void {
    const { mirror } = node;
    if (batch.snapshot) {
      const { index, term, configuration, configurationIndex } = batch.snapshot;
      mirror.baseIndex = index;
      mirror.baseTerm = term;
      mirror.baseHash = this.#entries.get(term * termShift + index) ?? 1;
      mirror.terms = [];
      mirror.hashes = [];
      mirror.configurations = [{ index: configurationIndex, configuration }];
    }
    const { truncateFrom } = batch;
    if (truncateFrom !== undefined) {
      if (node.isLeader) throw new Violation(`${node.id} cuts its log while it leads`);
      if (truncateFrom === 1) Object.assign(mirror, new Mirror());
      const kept = Math.max(0, truncateFrom - mirror.baseIndex - 1);
      mirror.terms.length = Math.min(mirror.terms.length, kept);
      mirror.hashes.length = mirror.terms.length;
      mirror.configurations = mirror.configurations.filter(({ index }) => index < truncateFrom);
    }
    for (const entry of batch.entries) this.#add(node, entry);
    const { term, vote } = batch.hard;
    this.highestTerm = Math.max(this.highestTerm, term);
    const before = this.#hard.get(node.id);
    if (before && term < before.term) throw new Violation(`${node.id} goes back in terms`);
    if (before?.term === term && before.vote !== undefined && before.vote !== vote) {
      throw new Violation(`${node.id} changes its vote in term ${term}`);
    }
  }

  /** 6: terms and votes that were durable stay. */
  durable(node: Observed): void {
    const { hard } = node.disk;
    if (hard) this.#hard.set(node.id, { term: hard.term, vote: hard.vote });
  }

  /** 6, at a start: what was durable is still there. */
  started(node: Observed): void {
    const before = this.#hard.get(node.id);
    if (before && (node.disk.hard?.term ?? 0) < before.term) {
      throw new Violation(`${node.id} starts in an earlier term than it was in`);
    }
    const { hard } = node.disk;
    if (before?.vote !== undefined && hard?.term === before.term && hard.vote !== before.vote) {
      throw new Violation(`${node.id} starts without the vote it gave`);
    }
  }

  /**
   * 6: what a node knows never goes back while it runs. Before it was in a term it may turn to another
   * founding, and begins anew.
   */
  stepped({ id, mirror }: Observed, instance: string, term: number, commit: number): void {
    if (mirror.instance !== instance) {
      if (mirror.term > 0) throw new Violation(`${id} turns to another founding`);
      mirror.instance = instance;
      mirror.commit = 0;
    }
    if (term < mirror.term) throw new Violation(`${id} goes back in terms`);
    if (commit < mirror.commit) throw new Violation(`${id} takes back what is committed`);
    mirror.term = term;
    mirror.commit = commit;
  }

  /** 5 and 7: what a node applies is what everybody applies, and durable where it must be. */
  applied(node: Observed, entry: Entry, others: Iterable<Observed>): void {
    const content = node.isWitness ? undefined : contentOf(entry);
    const known = this.#committed[entry.index - 1];
    if (known) {
      if (known.term !== entry.term || (content ?? known.content) !== known.content) {
        throw new Violation(
          `state machine safety: ${node.id} applies another entry ${entry.index} (term ${entry.term}, not ${known.term})`,
        );
      }
      return;
    }
    if (entry.index !== this.#committed.length + 1) throw new Violation("entries are skipped");
    this.#committed.push({ term: entry.term, content: contentOf(entry), inTerm: node.term });
    this.#committedTerms.add(node.term);
    const { index, configuration } = entry;
    const all = [...others];
    if (configuration) {
      this.#decidedBy(entry, all);
      this.committedConfiguration = { index, configuration };
    }
    for (const other of all) {
      if (other.isLeader && other.term > node.term) this.#complete(other, entry.index);
    }
  }

  #decidedBy({ index, term }: Entry, all: readonly Observed[]): void {
    const old = this.committedConfiguration;
    if (!old) return;
    const voters = votersOf(old.configuration);
    const holders = all.filter(({ mirror }) => mirror.termAt(index) === term).map(({ id }) => id);
    const count = voters.filter((id) => holders.includes(id)).length;
    if (count * 2 <= voters.length) this.goals.add("change decided by the new voters alone");
  }

  /** 5: states are equal at equal positions. */
  state(node: Observed, index: number, hash: number): void {
    const known = this.#stateHashes.get(index);
    if (known === undefined) this.#stateHashes.set(index, hash);
    else if (known !== hash) throw new Violation(`states differ at ${index} on ${node.id}`);
  }

  /** 7: what is acknowledged is durable on a majority, now. */
  acknowledged(
    node: Observed,
    index: number,
    term: number,
    disks: Map<MemberId, Disk>,
    keepUp: ReadonlySet<MemberId> = new Set(),
  ): void {
    const own = node.mirror.termAt(index);
    if (own !== undefined && own !== term)
      throw new Violation("an entry is acknowledged as another");
    // A leader may commit what it has not begun to write itself: its present members then decide.
    const { mirror } = node;
    const isWritten = mirror.commit <= mirror.lastIndex;
    const config = isWritten ? configurationAt(mirror, mirror.commit) : node.configuration;
    const voters = votersOf(config);
    const holders = voters.filter((id) => disks.get(id)?.has(index, term));
    if (holders.length * 2 <= voters.length) {
      throw new Violation(
        `entry ${index} is acknowledged, durable on ${holders.length} of ${voters.length}`,
      );
    }
    const keepers = config.members.filter(({ kind, voting }) => voting && kind !== "witness");
    if (keepers.length === voters.length) return;
    const copies = keepers.filter(({ id }) => holders.includes(id)).length;
    const able = keepers.filter(({ id }) => id === node.id || keepUp.has(id)).length;
    if (copies < Math.min(able, (voters.length >> 1) + 1)) {
      throw new Violation(`entry ${index} is acknowledged with ${copies} copies, ${able} could be`);
    }
    if (copies * 2 <= voters.length) this.goals.add("acknowledged with a witness's help");
  }

  /** 10: what is said is durable. */
  sent(node: Observed, to: MemberId, message: Message): void {
    const { hard } = node.disk;
    if (message.kind === "vote-reply" && message.granted && node.kind === "observer") {
      throw new Violation(`${node.id} observes and votes`);
    }
    const says = message.kind === "append-reply" || message.kind === "heartbeat-reply";
    if (says && (hard?.term ?? 0) < message.term) {
      throw new Violation(`${node.id} answers in a term that is not durable`);
    }
    if (message.kind === "vote-reply" && message.granted && !message.pre) {
      const { term } = message;
      const holds = hard && (hard.term > term || (hard.term === term && hard.vote === to));
      if (!holds) throw new Violation(`${node.id} votes before its vote is durable`);
    }
    if (message.kind === "vote-request" && !message.pre) {
      if (!hard || hard.term < message.term)
        throw new Violation(`${node.id} stands before its vote`);
    }
    if (message.kind === "append-reply" && message.accepted) {
      const { disk } = node;
      const end = Math.max(disk.lastIndex, disk.snapshot?.meta.index ?? 0);
      if (end < message.index) throw new Violation(`${node.id} confirms before it is durable`);
      const [own, known] = [disk.termAt(message.index), node.mirror.termAt(message.index)];
      if (own !== undefined && known !== undefined && own !== known) {
        throw new Violation(`${node.id} confirms what its disk has another entry for`);
      }
    }
  }

  #complete(node: Observed, index: number): void {
    const known = this.#committed[index - 1];
    if (!known || index < node.mirror.baseIndex) return;
    if (node.mirror.termAt(index) !== known.term) {
      throw new Violation(`leader completeness: ${node.id} leads without committed ${index}`);
    }
  }

  #add(node: Observed, entry: Entry): void {
    const { mirror } = node;
    if (entry.index !== mirror.lastIndex + 1) throw new Violation("a log has a gap");
    const before = mirror.hashes.at(-1) ?? mirror.baseHash;
    const hash = mix(mix(before, entry.term), entry.index);
    const key = entry.term * termShift + entry.index;
    const known = this.#entries.get(key);
    if (entry.term > 0) {
      if (known !== undefined && known !== hash)
        throw new Violation(`log matching at ${entry.index}`);
      const content = this.#contents.get(key);
      if (known === undefined) this.#entries.set(key, hash);
      if (!node.isWitness) {
        if (content !== undefined && content !== contentOf(entry)) {
          throw new Violation(`log matching: two entries ${entry.index} in term ${entry.term}`);
        }
        if (content === undefined) this.#contents.set(key, contentOf(entry));
      }
    }
    const { configuration } = entry;
    if (configuration) {
      if (known === undefined && node.isLeader) this.#legal(node, entry, configuration);
      mirror.configurations.push({ index: entry.index, configuration });
    }
    mirror.terms.push(entry.term);
    mirror.hashes.push(hash);
  }

  #legal(node: Observed, entry: Entry, next: Configuration): void {
    const { mirror } = node;
    if (entry.term !== node.term) return;
    const [first, before] = [mirror.configurations.at(-2), mirror.configurations.at(-1)];
    if (!before) return;
    const changed = votersChanged(before.configuration, next);
    if (changed > 1) throw new Violation(`configuration ${entry.index} changes two voters`);
    const mayReturn = first && before.index > mirror.commit;
    if (changed === 1 && mayReturn && votersChanged(first.configuration, next) === 0) {
      this.goals.add("change taken back");
      return;
    }
    if (before.index > this.committedIndex) {
      throw new Violation(`configuration ${entry.index} follows one that is not committed`);
    }
    if (changed === 1 && first && votersChanged(first.configuration, before.configuration) > 0) {
      throw new Violation(`configuration ${entry.index} follows one that is not confirmed`);
    }
    if (!this.#committedTerms.has(node.term)) {
      throw new Violation(`configuration ${entry.index} before a commit of term ${node.term}`);
    }
  }
}

function configurationAt(mirror: Mirror, index: number): Configuration {
  let found = mirror.configurations[0]?.configuration ?? { members: [] };
  for (const step of mirror.configurations) if (step.index <= index) found = step.configuration;
  return found;
}

function contentOf(entry: Entry): number {
  let hash = entry.kind === "command" ? 1 : entry.kind === "noop" ? 2 : 3;
  for (let at = 0; at < entry.data.byteLength; at++) hash = mix(hash, entry.data[at] ?? 0);
  for (const { id, voting } of entry.configuration?.members ?? []) {
    for (let at = 0; at < id.length; at++) hash = mix(hash, id.charCodeAt(at));
    hash = mix(hash, voting ? 1 : 0);
  }
  return hash;
}
