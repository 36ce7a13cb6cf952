import { seededRandom } from "@mosaik/primitives";
import type { Command } from "@mosaik/testing";
import type { Effects } from "../src/raft/effects.ts";
import { raftLimits } from "../src/raft/limits.ts";
import {
  type Configuration,
  type InstanceId,
  type MemberId,
  type MemberKind,
  memberId,
} from "../src/raft/member.ts";
import type { Message } from "../src/raft/messages.ts";
import { RaftNode } from "../src/raft/raft-node.ts";
import { Checkers, Mirror, type Observed } from "./simulation/checkers.ts";
import { Disk } from "./simulation/disk.ts";
import { forged } from "./simulation/forgery.ts";
import { genesisEntry, prepareLog } from "./simulation/starts.ts";

/** A member of a scenario, named by a letter. */
class Actor implements Observed {
  readonly name: string;
  readonly kind: MemberKind;
  incarnation = 1;
  disk = new Disk();
  mirror = new Mirror();
  node: RaftNode | undefined;
  term = 0;
  isLeader = false;
  readonly applied: string[] = [];
  fsyncs = true;
  unsynced: number[] = [];

  constructor(name: string, kind: MemberKind) {
    this.name = name;
    this.kind = kind;
  }

  get id(): MemberId {
    return memberId(this.name, `${this.incarnation}`);
  }

  get configuration(): Configuration {
    return this.node?.status().configuration ?? { members: [] };
  }

  get isWitness(): boolean {
    return this.kind === "witness";
  }
}

/** Commands of prepared logs have this length; those of scenarios are shorter. */
const preparedBytes = 16;

interface Letter {
  readonly from: Actor;
  readonly to: string;
  readonly target: MemberId;
  readonly message: Message;
}

/**
 * A group whose every step a scenario commands, watched by the checkers of the simulator: a schedule
 * that breaks a rule fails.
 *
 * Time stands still but for `run`, and for `elect`, which lets one member's patience end. Messages
 * arrive at once over links that are not cut, in order; those held back by `hold` wait for `release`.
 */
export class ScenarioGroup {
  readonly #actors = new Map<string, Actor>();
  /** One for each founding: two that met late have nothing in common. */
  readonly #checkersOf = new Map<string, Checkers>();
  readonly #cut = new Set<string>();
  readonly #heldLinks = new Set<string>();
  /** Over these, fetched entries come with other commands in them. */
  readonly #forged = new Set<string>();
  #letters: Letter[] = [];
  #held: Letter[] = [];
  #lines: string[] = [];
  #now = 0;
  #nextId = 1;
  #limits = raftLimits;

  /** Runs a command and tells what came of it. */
  command({ name, args, options }: Command): string {
    this.#lines = [];
    const actor = this.#actors.get(args[0] ?? "");
    switch (name) {
      case "group":
        this.#group(args, options);
        break;
      case "log":
        prepareLog(
          this.#actor(args[0]).disk,
          this.#genesis(),
          numbers(args[1]),
          Number(options.get("term")),
        );
        break;
      case "start":
        for (const each of args.length > 0 ? args : this.#actors.keys())
          this.#start(this.#actor(each));
        break;
      case "elect":
        this.#elect(this.#actor(args[0]));
        break;
      case "run":
        this.#run(Number(args[0]));
        break;
      case "cut":
      case "join":
        for (const link of args) this.#link(link, this.#cut, name === "cut");
        break;
      case "heal":
        this.#cut.clear();
        for (const each of this.#actors.values()) this.#bond(each);
        break;
      case "hold":
        for (const link of args) this.#link(link, this.#heldLinks, true);
        break;
      case "forge":
        for (const link of args) this.#link(link, this.#forged, true);
        break;
      case "release":
        this.#release(args);
        break;
      case "propose":
        this.#propose(this.#actor(args[0]), args.slice(1));
        break;
      case "read":
        this.#actor(args[0]).node?.step({ kind: "read", id: this.#nextId++ }, this.#now);
        break;
      case "fsync":
        this.#actor(args[0]).fsyncs = args[1] === "on";
        if (actor?.fsyncs)
          for (const sequence of actor.unsynced.splice(0)) this.#synced(actor, sequence);
        break;
      case "crash":
        for (const each of args) this.#crash(this.#actor(each));
        break;
      case "wipe":
        this.#crash(this.#actor(args[0]));
        this.#actor(args[0]).disk = new Disk();
        this.#actor(args[0]).incarnation++;
        break;
      case "remove":
      case "transfer": {
        const other = this.#actor(args[1]).id;
        const input = {
          remove: { kind: "remove", member: other },
          transfer: { kind: "transfer", to: other },
        } as const;
        actor?.node?.step(input[name], this.#now);
        break;
      }
      case "status":
        break;
      default:
        throw new RangeError(`no command is called ${name}`);
    }
    this.#settle();
    if (name === "status") this.#status();
    return this.#lines.join("\n") || "ok";
  }

  #checkers(actor: Actor): Checkers {
    const instance = actor.node?.status().instance ?? actor.disk.hard?.instance ?? "";
    const checkers = this.#checkersOf.get(instance) ?? new Checkers();
    this.#checkersOf.set(instance, checkers);
    return checkers;
  }

  #actor(name: string | undefined): Actor {
    const actor = this.#actors.get(name ?? "");
    if (!actor) throw new RangeError(`nobody is called ${name}`);
    return actor;
  }

  #group(names: readonly string[], options: ReadonlyMap<string, string>): void {
    const of = (kind: MemberKind): string[] => options.get(kind)?.split(",") ?? [];
    for (const name of names) this.#actors.set(name, new Actor(name, "data"));
    for (const name of of("witness")) this.#actors.set(name, new Actor(name, "witness"));
    for (const name of of("observer")) this.#actors.set(name, new Actor(name, "observer"));
    for (const name of of("data")) this.#actors.set(name, new Actor(name, "data"));
    this.#founders = [...names, ...of("witness")];
    const overrides = [...options].filter(([key]) => key in raftLimits);
    const limits = Object.fromEntries(overrides.map(([key, value]) => [key, Number(value)]));
    this.#limits = { ...raftLimits, founders: 64, assistEntries: 0, ...limits };
    if (options.has("founders")) return;
    for (const name of this.#founders) prepareLog(this.#actor(name).disk, this.#genesis(), [], 1);
  }

  #founders: string[] = [];

  #genesis(): ReturnType<typeof genesisEntry> {
    return genesisEntry(this.#founders.map((name) => this.#actor(name)));
  }

  #start(actor: Actor): void {
    actor.mirror = new Mirror();
    actor.applied.length = 0;
    this.#checkers(actor).started(actor);
    const stored = actor.disk.load();
    actor.node = new RaftNode({
      id: actor.id,
      kind: actor.kind,
      limits: this.#limits,
      random: seededRandom(actor.name.charCodeAt(0)),
      stored,
      freshInstance: `by ${actor.name}` as InstanceId,
      nowMs: this.#now,
    });
    this.#checkers(actor).restored(actor, stored?.entries ?? []);
    this.#bond(actor);
  }

  #bond(actor: Actor): void {
    for (const other of this.#actors.values()) {
      if (other === actor || !other.node) continue;
      const bond = { kind: "bond", up: true } as const;
      actor.node?.step({ ...bond, member: other.id, memberKind: other.kind }, this.#now);
      other.node.step({ ...bond, member: actor.id, memberKind: actor.kind }, this.#now);
    }
  }

  #crash(actor: Actor): void {
    actor.node = undefined;
    actor.isLeader = false;
    actor.unsynced = [];
    actor.disk.crash("dropped", seededRandom(1));
    this.#letters = this.#letters.filter((letter) => letter.to !== actor.name);
  }

  #elect(actor: Actor): void {
    const { node } = actor;
    if (!node) return;
    this.#now += 2 * this.#limits.electionMaxMs;
    node.step({ kind: "tick" }, this.#now);
  }

  #run(ms: number): void {
    for (const end = this.#now + ms; this.#now < end; ) {
      this.#now += 10;
      for (const { node } of this.#actors.values()) {
        if (node && node.nextDeadlineMs <= this.#now) node.step({ kind: "tick" }, this.#now);
      }
      this.#settle();
    }
  }

  #propose(actor: Actor, words: readonly string[]): void {
    const commands = words.map((word) => new TextEncoder().encode(word));
    actor.node?.step({ kind: "propose", id: this.#nextId++, commands }, this.#now);
  }

  /** `A-B` both ways, `A>B` one way, `A` all of its links. */
  #link(text: string, links: Set<string>, into: boolean): void {
    const [from = "", to] = text.split(/[->]/);
    const others = to === undefined ? [...this.#actors.keys()] : [to];
    for (const other of others) {
      const both = text.includes(">")
        ? [`${from}>${other}`]
        : [`${from}>${other}`, `${other}>${from}`];
      for (const link of both) {
        if (into) links.add(link);
        else links.delete(link);
      }
    }
  }

  /** Lets what was held back arrive; of all links, or of those named. */
  #release(links: readonly string[]): void {
    if (links.length === 0) this.#heldLinks.clear();
    for (const link of links) this.#link(link, this.#heldLinks, false);
    const isHeld = ({ from, to }: Letter): boolean => this.#heldLinks.has(`${from.name}>${to}`);
    this.#letters.push(...this.#held.filter((letter) => !isHeld(letter)));
    this.#held = this.#held.filter(isHeld);
  }

  #settle(): void {
    for (let rounds = 0; ; rounds++) {
      if (rounds > 10_000) throw new Error("the group does not come to rest");
      for (const actor of this.#actors.values()) this.#take(actor);
      const letters = this.#letters;
      this.#letters = [];
      if (letters.length === 0) return;
      for (const letter of letters) this.#deliver(letter);
    }
  }

  #deliver(letter: Letter): void {
    const link = `${letter.from.name}>${letter.to}`;
    if (this.#heldLinks.has(link)) {
      this.#held.push(letter);
      return;
    }
    const to = this.#actors.get(letter.to);
    if (this.#cut.has(link) || !to?.node || to.id !== letter.target) return;
    const message = this.#forged.has(link) ? forged(letter.message) : letter.message;
    if (message !== letter.message)
      this.#say(`${letter.from.name} forges what ${letter.to} fetches`);
    if (message.kind === "snapshot") {
      const saved = letter.from.disk.snapshot;
      if (saved) to.disk.staged.set(saved.meta.index, saved.state);
    }
    to.node.step({ kind: "received", from: letter.from.id, message }, this.#now);
  }

  #take(actor: Actor): void {
    const { node } = actor;
    if (!node) return;
    const effects = node.take();
    node.check();
    const { role, term } = node.status();
    const became = role === "leader" && (!actor.isLeader || term !== actor.term);
    if (actor.isLeader && role !== "leader") this.#say(`${actor.name} leads no longer`);
    actor.term = term;
    actor.isLeader = role === "leader";
    for (const entry of effects.apply) {
      this.#checkers(actor).applied(actor, entry, this.#actors.values());
      if (entry.data.byteLength === preparedBytes) actor.applied.push("·");
      else if (entry.data.byteLength > 0) actor.applied.push(new TextDecoder().decode(entry.data));
    }
    if (effects.persist) this.#checkers(actor).persisting(actor, effects.persist);
    if (became) this.#checkers(actor).elected(actor);
    if (became) this.#say(`${actor.name} leads term ${term}`);
    for (const { to, message } of effects.sends) {
      this.#checkers(actor).sent(actor, to, message);
      const name = to.slice(0, to.indexOf("#"));
      if (message.kind === "fetch") {
        const { fromIndex, toIndex } = message;
        this.#say(`${actor.name} fetches ${fromIndex}-${toIndex} from ${name}`);
      }
      this.#letters.push({ from: actor, to: name, target: to, message });
    }
    this.#report(actor, effects);
    if (!effects.persist) return;
    actor.disk.write(effects.persist);
    const { sequence } = effects.persist;
    if (actor.fsyncs) this.#synced(actor, sequence);
    else actor.unsynced.push(sequence);
  }

  #synced(actor: Actor, sequence: number): void {
    actor.disk.sync();
    this.#checkers(actor).durable(actor);
    actor.node?.step({ kind: "persisted", sequence }, this.#now);
    this.#take(actor);
  }

  #report(actor: Actor, effects: Effects): void {
    for (const outcome of effects.outcomes) {
      const what =
        outcome.kind === "refused"
          ? `refused (${outcome.reason})`
          : "index" in outcome
            ? `${outcome.kind} at ${outcome.index} in term ${outcome.term}`
            : outcome.kind;
      this.#say(`${actor.name}: proposal ${outcome.id} ${what}`);
    }
    for (const read of effects.reads) {
      const what = read.kind === "ready" ? `at ${read.index}` : `refused (${read.reason})`;
      this.#say(`${actor.name}: read ${read.id} ${what}`);
    }
    for (const event of effects.events) {
      if (event.kind === "configuration-changed") {
        const members = event.configuration.members.map(({ id, voting }) =>
          voting ? id : `(${id})`,
        );
        this.#say(`${actor.name}: members ${members.join(" ")}`);
      }
      if (event.kind === "instance-conflict") {
        this.#say(`${actor.name}: another instance is at ${event.from}`);
      }
    }
  }

  #status(): void {
    for (const actor of this.#actors.values()) {
      const status = actor.node?.status();
      if (!status) {
        this.#say(`${actor.name} is down`);
        continue;
      }
      const { role, term, leader, commit } = status;
      const terms = actor.mirror.terms.join(",");
      this.#say(
        `${actor.name} ${role} term=${term} leader=${leader ?? "none"} commit=${commit} log=${terms} applied=${actor.applied}`,
      );
    }
  }

  #say(line: string): void {
    if (!this.#lines.includes(line) || !line.includes("members")) this.#lines.push(line);
  }
}

function numbers(text: string | undefined): number[] {
  return text === undefined || text === "" ? [] : text.split(",").map(Number);
}
