import type { Action } from "./action.ts";
import type { Facts } from "./facts.ts";
import { Interner } from "./interner.ts";
import { type Mail, Post } from "./mail.ts";
import { PairTable } from "./pair-table.ts";
import { Subject } from "./subject.ts";
import type { WorldPlan } from "./world.ts";

/** How a member came into a state. */
interface Origin {
  readonly at: number;
  readonly parent: Core | undefined;
  readonly action: Action | undefined;
}

/** A state of one member, what it sent before left aside, and how it came about first. */
export interface Core extends Origin {
  readonly number: number;
  /** The term on its disk. */
  readonly term: number;
  /** Whether it may be elected in it. */
  readonly stands: boolean;
  readonly isSettled: boolean;
  readonly facts: number;
  readonly used: number;
  /** The highest position that it acknowledged. */
  readonly acknowledged: number;
  readonly deliveries: Map<number, Step>;
  /** What it is once so much of the budgets is used, and once no vote in its term matters. */
  readonly told: Map<number, Core>;
  settled: Core | undefined;
  /** By the highest position acknowledged by anybody. */
  readonly own: Map<number, OwnStep[]>;
  /** The states that it was seen to lead to in a world. */
  readonly next: Set<Core>;
}

interface Step {
  readonly to: Core | string | undefined;
  readonly sent: Mail;
}

interface OwnStep extends Step {
  readonly action: Action;
}

/** A state of one member, all that it ever sent included. */
export interface Local {
  readonly number: number;
  readonly core: Core;
  readonly mail: Mail;
}

/** What a member may do about what is for it, or by itself. */
export interface Reaction {
  /** The states it may get to. */
  readonly targets: readonly number[];
  /** The state once it has also sent all that it may send without changing otherwise. */
  readonly eager: number;
}

const nowhere: readonly number[] = [];

/**
 * The states of each member, found by running the core once for each state and input. What leads from
 * one to the other is remembered, so that a world's states need only look it up.
 */
export class MemberSpace {
  readonly post = new Post();
  readonly facts = new Interner<Facts>();
  /** What broke a rule within a member; a move to -1 - n leads to the nth. */
  readonly violations: string[] = [];
  readonly #locals: Local[] = [];
  readonly #plan: WorldPlan;
  readonly #cores = new Interner<Core>();
  readonly #localOf = new PairTable<Local>();
  /** By the number of a local, and of what is for it or the highest position acknowledged by anybody. */
  readonly #reactions = new PairTable<Reaction>();
  readonly #ownReactions = new PairTable<Reaction>();

  /** The last state that a letter left as it was, with a subject that is still in it. */
  #warm: { readonly core: Core; readonly subject: Subject } | undefined;

  /** Other ways into a state that was known: kept for an audit only. */
  readonly #merges: { readonly core: Core; readonly origin: Origin }[] | undefined;

  constructor(plan: WorldPlan, isAudited = false) {
    this.#plan = plan;
    this.#merges = isAudited ? [] : undefined;
  }

  /** All states of members that were met. */
  get cores(): readonly Core[] {
    return this.#cores.values;
  }

  /** By its number. */
  local(number: number): Local {
    return this.#locals[number] as Local; // whoever has a number has it from here
  }

  /** How a member begins. */
  first(at: number): Local {
    const subject = new Subject(this.#plan, at);
    const core = this.#core(subject, undefined, undefined);
    return this.with(core, this.post.sentBy(subject));
  }

  /** What a member may do by itself. */
  own(local: Local, floor: number): Reaction {
    const known = this.#ownReactions.get(local.number, floor);
    if (known) return known;
    const reaction = this.#reaction(local, this.#ownSteps(local.core, floor));
    return this.#ownReactions.set(local.number, floor, reaction);
  }

  /** What it may do about what another has sent. */
  reaction(local: Local, from: Local): Reaction {
    const mail = from.mail.to[local.core.at] ?? this.post.for(from.mail, local.core.at);
    const known = this.#reactions.get(local.number, mail.number);
    if (known) return known;
    const steps = mail.letters.map((letter) => this.delivery(local.core, letter));
    return this.#reactions.set(local.number, mail.number, this.#reaction(local, steps));
  }

  /** Which action leads from one state to another, given what the others have sent. */
  actionTo(
    local: Local,
    target: number,
    others: readonly Local[],
    floor: number,
  ): Action | undefined {
    const to = this.#locals[target]?.core ?? this.violations[-1 - target];
    const leads = (step: Step): boolean =>
      step.to !== local.core && (step.to === to || this.#inFormOf(to, step.to) === to);
    for (const step of this.#ownSteps(local.core, floor)) if (leads(step)) return step.action;
    for (const other of others) {
      for (const number of this.post.for(other.mail, local.core.at).letters) {
        const letter = this.post.letters.values[number];
        if (letter && leads(this.delivery(local.core, number))) {
          return { verb: "deliver", letter };
        }
      }
    }
    return undefined;
  }

  /**
   * Comes into known states by other ways, every so many of them, and lets everything happen there.
   * Gives the number of steps that were compared, and those that went another way than was known.
   */
  audit(every: number): { readonly steps: number; readonly differences: readonly string[] } {
    const differences: string[] = [];
    let steps = 0;
    for (const [at, { core, origin }] of (this.#merges ?? []).slice().entries()) {
      if (at % every !== 0) continue;
      for (const [action, known] of this.#stepsOf(core)) {
        const step = this.#run(core, action, origin);
        steps++;
        if (step.to !== known.to || step.sent !== known.sent) differences.push(action.verb);
      }
    }
    return { steps, differences };
  }

  *#stepsOf(core: Core): Iterable<[Action, Step]> {
    for (const step of this.#ownSteps(core, 0)) yield [step.action, step];
    for (const [number, letter] of [...this.post.letters.values].entries()) {
      if (letter.to !== core.at) continue;
      yield [{ verb: "deliver", letter }, this.delivery(core, number)];
    }
  }

  /** A subject in a state, made anew. */
  revive(origin: Origin): Subject {
    const path: Action[] = [];
    for (let one: Origin | undefined = origin; one?.action; one = one.parent) path.push(one.action);
    const subject = new Subject(this.#plan, origin.at);
    while (path.length > 0) {
      const action = path.pop();
      if (action) subject.act(action);
    }
    subject.sends = [];
    return subject;
  }

  #reaction(local: Local, steps: readonly Step[]): Reaction {
    const targets = new Set<number>();
    let { mail } = local;
    for (const step of steps) {
      if (step.to === local.core) mail = this.post.union(mail, step.sent);
      else {
        const target = this.#target(local, step);
        if (target !== undefined) targets.add(target);
      }
    }
    return {
      targets: targets.size === 0 ? nowhere : [...targets],
      eager: this.with(local.core, mail).number,
    };
  }

  #target(local: Local, { to, sent }: Step): number | undefined {
    if (to === undefined) return undefined;
    if (typeof to === "object") local.core.next.add(to);
    if (typeof to === "string") {
      const known = this.violations.indexOf(to);
      return known >= 0 ? -1 - known : -this.violations.push(to);
    }
    return this.with(to, this.post.union(local.mail, sent)).number;
  }

  #ownSteps(core: Core, floor: number): OwnStep[] {
    let steps = core.own.get(floor);
    if (!steps) {
      const actions = this.revive(core).actions(floor);
      steps = actions.map((action) => ({ action, ...this.#run(core, action) }));
      core.own.set(floor, steps);
    }
    return steps;
  }

  /** What comes of a letter in a state. */
  delivery(core: Core, number: number): Step {
    let step = core.deliveries.get(number);
    if (!step) {
      const letter = this.post.letters.values[number];
      if (!letter) throw new Error("letters have numbers");
      const subject = this.#warm?.core === core ? this.#warm.subject : this.revive(core);
      step = this.#run(core, { verb: "deliver", letter }, core, subject);
      this.#warm = step.to === core ? { core, subject } : undefined;
      core.deliveries.set(number, step);
    }
    return step;
  }

  /** A state once no vote in its term matters any more. */
  settled(core: Core): Core {
    if (core.isSettled) return core;
    if (!core.settled) {
      const { to } = this.#run(core, { verb: "settle" });
      if (typeof to !== "object") throw new Error("to settle does no harm");
      core.settled = to;
      core.next.add(to);
    }
    return core.settled;
  }

  /** A state once so much of the budgets is used. */
  told(core: Core, used: number): Core {
    if (core.used === used) return core;
    let told = core.told.get(used);
    if (!told) {
      const { to } = this.#run(core, { verb: "hear", used });
      if (typeof to !== "object") throw new Error("to hear of budgets does no harm");
      told = to;
      core.told.set(used, told);
      core.next.add(told);
    }
    return told;
  }

  /** What a step leads to, as it is in the form of another. */
  #inFormOf(like: Step["to"], core: Step["to"]): Step["to"] {
    if (typeof core !== "object" || typeof like !== "object") return core;
    const told = this.told(core, like.used);
    return like.isSettled ? this.settled(told) : told;
  }

  #run(core: Core, action: Action, origin: Origin = core, subject = this.revive(origin)): Step {
    subject.sends = [];
    try {
      subject.act(action);
    } catch (error) {
      return { to: error instanceof Error ? error.message : `${error}`, sent: this.post.none };
    }
    if (subject.term > this.#plan.termMax) return { to: undefined, sent: this.post.none };
    return { to: this.#core(subject, core, action), sent: this.post.sentBy(subject) };
  }

  #core(subject: Subject, parent: Core | undefined, action: Action | undefined): Core {
    const facts = subject.facts();
    const { at, used } = subject;
    const text = `${at} ${subject.fingerprint()} ${JSON.stringify(facts)}`;
    const number = this.#cores.number(text, (number) => ({
      number,
      term: subject.durableTerm,
      stands: subject.stands,
      isSettled: subject.isSettled,
      at,
      parent,
      action,
      facts: this.facts.number(JSON.stringify(facts), () => facts),
      used,
      acknowledged: Math.max(0, ...facts.acknowledged.map(([index]) => index)),
      deliveries: new Map(),
      own: new Map(),
      next: new Set(),
      told: new Map(),
      settled: undefined,
    }));
    const core = this.#cores.values[number];
    if (!core) throw new Error("states have numbers");
    if (core.parent !== parent || core.action !== action) {
      this.#merges?.push({ core, origin: { at, parent, action } });
    }
    return core;
  }

  /** A state of a member that has sent so much. */
  with(core: Core, mail: Mail): Local {
    const known = this.#localOf.get(core.number, mail.number);
    if (known) return known;
    const local = { number: this.#locals.length, core, mail };
    this.#locals.push(local);
    return this.#localOf.set(core.number, mail.number, local);
  }
}
