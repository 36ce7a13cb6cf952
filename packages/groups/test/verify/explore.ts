import { describeAction } from "./action.ts";
import { conflictOf, type Facts, takesBack, undurable } from "./facts.ts";
import { LetterSense } from "./letter-sense.ts";
import { type Local, MemberSpace } from "./member-space.ts";
import { NormalForm } from "./normal-form.ts";
import { StateTable } from "./state-table.ts";
import type { WorldPlan } from "./world.ts";

/*
 * A state of a world is a tuple: for each member its own state, and what it ever sent. Nothing is
 * taken from the net, so any message may arrive at any time, again, out of order, or never. The real
 * core runs once for each state of a member and each input; between that, states are numbers.
 *
 * Two reductions, neither of which loses anything that the rules between members look at:
 * 1. States that go on alike are one: see `NormalForm`.
 * 2. In a symmetric world the first member to stand is the first one: renaming gives the others, and
 *    what others did before they had mail may as well be done after. (Whoever has sent anything is in a
 *    later term than that in which all begin.)
 *
 * States are told apart exactly, by number, not by hash. The rules are checked on every new state,
 * between the member that changed and each of the others; those within one member when it runs.
 */

/** What the exploration of a world came to. */
export interface Exploration {
  readonly name: string;
  /** Distinct states met, and steps between them taken. */
  readonly states: number;
  readonly transitions: number;
  /** Distinct combinations of what the rules between members look at. */
  readonly situations: number;
  /** Distinct states of single members: how often the core itself was in a new state. */
  readonly memberStates: number;
  /** Whether there was nothing left to explore. */
  readonly exhausted: boolean;
  readonly depth: number;
  /** States of single members whose log takes a change of the voters back. */
  readonly returns: number;
  readonly violation: string | undefined;
  /** What led to it, shortest. */
  readonly path: readonly string[];
}

/**
 * Meets every state of a world, nearest first, up to a number of states.
 *
 * Which letters make a difference is judged by the steps of members that are known, at first none. So
 * the world is explored again with those that were met, until none belies what was judged. Then nothing
 * was missed, by induction along any run of the world: what a member may receive there and not here makes
 * no difference in any state it may get to by the steps met, so it goes on by one of those. Nor is a
 * violation one before: a letter may have stood for another that it is not like.
 */
export function explore(plan: WorldPlan, space = new MemberSpace(plan)): Exploration {
  for (let sense = new LetterSense(space); ; ) {
    const exploration = new Explorer(plan, space, sense).run();
    const known = new LetterSense(space);
    const isOpen = !exploration.exhausted && exploration.violation === undefined;
    if (isOpen || known.confirms(sense)) return exploration;
    sense = known;
  }
}

class Explorer {
  readonly #plan: WorldPlan;
  readonly #space: MemberSpace;
  readonly #form: NormalForm;
  readonly #table: StateTable;
  readonly #situations: StateTable;
  readonly #tuple: Int32Array;
  readonly #next: Int32Array;
  readonly #situation: Int32Array;
  #place = 0;
  #transitions = 0;
  #violation: { readonly what: string; readonly at: number; readonly target: number } | undefined;

  constructor(plan: WorldPlan, space: MemberSpace, sense: LetterSense) {
    this.#plan = plan;
    this.#space = space;
    this.#form = new NormalForm(plan, space, sense);
    this.#table = new StateTable(plan.kinds.length);
    this.#situations = new StateTable(plan.kinds.length);
    this.#tuple = new Int32Array(plan.kinds.length);
    for (const at of plan.kinds.keys()) this.#tuple[at] = this.#space.first(at).number;
    this.#next = this.#tuple.slice();
    this.#situation = this.#tuple.slice();
    this.#form.bring(this.#tuple);
    this.#table.add(this.#tuple, -1);
    this.#isNewSituation(this.#tuple);
  }

  run(): Exploration {
    let depth = 0;
    let levelEnd = 1;
    for (; this.#place < this.#table.size; this.#place++) {
      if (this.#place === levelEnd) {
        depth++;
        levelEnd = this.#table.size;
      }
      if (this.#table.size >= this.#plan.statesMax) break;
      this.#table.read(this.#place, this.#tuple);
      this.#expand();
      if (this.#violation) break;
    }
    return {
      name: this.#plan.name,
      states: this.#table.size,
      transitions: this.#transitions,
      situations: this.#situations.size,
      memberStates: this.#space.cores.length,
      exhausted: this.#place === this.#table.size,
      depth,
      returns: this.#space.facts.values.filter(takesBack).length,
      violation: this.#violation?.what,
      path: this.#path(),
    };
  }

  #expand(): void {
    const locals = Array.from(this.#tuple, (number) => this.#local(number));
    const isFresh =
      this.#plan.symmetric &&
      locals.every(
        ({ core, mail }) => core.term === this.#plan.term && mail === this.#space.post.none,
      );
    const floor = this.#floor(locals);
    for (const [at, local] of locals.entries()) {
      if (isFresh && at > 0) break;
      this.#tryAll(at, local, this.#space.own(local, floor).targets);
      for (const from of locals) {
        if (from !== local) this.#tryAll(at, local, this.#space.reaction(local, from).targets);
      }
    }
  }

  #floor(locals: readonly Local[]): number {
    if (this.#plan.reads === 0) return 0;
    return Math.max(...locals.map(({ core }) => core.acknowledged));
  }

  #tryAll(at: number, local: Local, targets: readonly number[]): void {
    const next = this.#next;
    for (const target of targets) {
      this.#transitions++;
      if (target < 0) {
        this.#violate(this.#space.violations[-1 - target] ?? "", at, target);
        return;
      }
      next.set(this.#tuple);
      next[at] = target;
      const { used } = this.#local(target).core;
      if (used !== local.core.used) this.#tell(used);
      this.#form.bring(next);
      if (!this.#table.add(next, this.#place)) continue;
      const conflict = this.#isNewSituation(next) ? this.#conflict(at) : undefined;
      if (conflict !== undefined) this.#violate(conflict, at, target);
    }
  }

  #isNewSituation(tuple: Int32Array): boolean {
    for (let at = 0; at < tuple.length; at++) {
      this.#situation[at] = this.#local(tuple[at] ?? 0).core.facts;
    }
    return this.#situations.add(this.#situation, -1);
  }

  /** Lets all know how much of the budgets is used. */
  #tell(used: number): void {
    for (const [at, number] of this.#next.entries()) {
      const { core, mail } = this.#local(number);
      this.#next[at] = this.#space.with(this.#space.told(core, used), mail).number;
    }
  }

  #violate(what: string, at: number, target: number): void {
    this.#violation ??= { what, at, target };
  }

  /** Which rule the next state breaks by what changed at one member. */
  #conflict(at: number): string | undefined {
    const all = Array.from(this.#situation, (number) => this.#facts(number));
    const own = all[at];
    for (const [other, facts] of all.entries()) {
      const conflict = own && other !== at ? conflictOf(own, facts) : undefined;
      if (conflict !== undefined) return conflict;
    }
    return undurable(all);
  }

  #local(number: number): Local {
    return this.#space.local(number);
  }

  #facts(number: number): Facts {
    return this.#space.facts.values[number] as Facts; // as above
  }

  #path(): string[] {
    if (!this.#violation) return [];
    const places: number[] = [];
    for (let place = this.#place; place >= 0; place = this.#table.parentOf(place))
      places.push(place);
    const tuples = places.reverse().map((place) => {
      const tuple = new Int32Array(this.#table.width);
      this.#table.read(place, tuple);
      return tuple;
    });
    const path: string[] = [];
    for (const [step, tuple] of tuples.entries()) {
      const next = tuples[step + 1];
      const text = next
        ? this.#describeStep(tuple, next)
        : this.#describe(tuple, this.#violation.at, this.#violation.target);
      path.push(text ?? "?");
    }
    return [...path, this.#violation.what];
  }

  #describeStep(tuple: Int32Array, next: Int32Array): string | undefined {
    for (const [at, target] of next.entries()) {
      if (this.#local(target).core === this.#local(tuple[at] ?? 0).core) continue;
      const text = this.#describe(tuple, at, target);
      if (text !== undefined) return text;
    }
    return undefined;
  }

  #describe(tuple: Int32Array, at: number, target: number): string | undefined {
    const locals = Array.from(tuple, (number) => this.#local(number));
    const [local] = locals.splice(at, 1);
    if (!local) return undefined;
    const floor = this.#floor([...locals, local]);
    const action = this.#space.actionTo(local, target, locals, floor);
    if (!action) return undefined;
    const what = describeAction(action);
    const is =
      target < 0 ? "" : ` | ${at} is ${this.#space.revive(this.#local(target).core).describe()}`;
    return `${action.verb === "deliver" ? "" : `${at} `}${what}${is}`;
  }
}
