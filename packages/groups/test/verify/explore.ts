import { describeAction } from "./action.ts";
import { conflictOf, type Facts, takesBack, undurable } from "./facts.ts";
import { type Local, MemberSpace } from "./member-space.ts";
import { StateTable } from "./state-table.ts";
import { budgetKinds, type WorldPlan } from "./world.ts";

/*
 * A state of a world is a tuple: for each member its own state, and all that it ever sent. Nothing is
 * taken from the net, so any message may arrive at any time, again, out of order, or never. The real
 * core runs once for each state of a member and each input; between that, states are numbers.
 *
 * Two reductions, neither of which loses a state of the members:
 * 1. What only makes a member send, and changes nothing else of it, is done at once: more mail only
 *    makes more possible.
 * 2. In a symmetric world the first member to stand is the first one: renaming gives the others, and
 *    what others did before they had mail may as well be done after.
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

/** Meets every state of a world, nearest first, up to a number of states. */
export function explore(plan: WorldPlan, space = new MemberSpace(plan)): Exploration {
  return new Explorer(plan, space).run();
}

class Explorer {
  readonly #plan: WorldPlan;
  readonly #space: MemberSpace;
  readonly #table: StateTable;
  readonly #tuple: Int32Array;
  readonly #next: Int32Array;
  readonly #compatible = new Set<number>();
  readonly #budget: number;
  #place = 0;
  #transitions = 0;
  #violation: { readonly what: string; readonly at: number; readonly target: number } | undefined;

  constructor(plan: WorldPlan, space: MemberSpace) {
    this.#plan = plan;
    this.#space = space;
    this.#table = new StateTable(plan.kinds.length);
    this.#tuple = new Int32Array(plan.kinds.length);
    this.#budget = budgetKinds.reduce((packed, kind) => packed * 16 + plan[kind], 0);
    for (const at of plan.kinds.keys()) this.#tuple[at] = this.#space.first(at).number;
    this.#next = this.#tuple.slice();
    this.#close(this.#tuple);
    this.#table.add(this.#tuple, -1);
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
      memberStates: this.#space.cores,
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
      this.#plan.symmetric && locals.every(({ mail }) => mail === this.#space.post.none);
    const floor = this.#floor(locals);
    let used = 0;
    for (const { core } of locals) used += core.used;
    for (const [at, local] of locals.entries()) {
      if (isFresh && at > 0) break;
      this.#tryAll(at, local, this.#space.own(local, floor).targets, used);
      for (const from of locals) {
        if (from !== local)
          this.#tryAll(at, local, this.#space.reaction(local, from).targets, used);
      }
    }
  }

  #floor(locals: readonly Local[]): number {
    if (this.#plan.reads === 0) return 0;
    return Math.max(...locals.map(({ core }) => core.acknowledged));
  }

  #tryAll(at: number, local: Local, targets: Int32Array, used: number): void {
    const next = this.#next;
    for (const target of targets) {
      this.#transitions++;
      if (target < 0) {
        this.#violate(this.#space.violations[-1 - target] ?? "", at, target);
        return;
      }
      const { core } = this.#local(target);
      if (core.used !== local.core.used && !this.#affords(used - local.core.used + core.used))
        continue;
      next.set(this.#tuple);
      next[at] = target;
      this.#close(next);
      const isNew = this.#table.add(next, this.#place);
      const conflict = isNew ? this.#conflict(at) : undefined;
      if (conflict !== undefined) this.#violate(conflict, at, target);
    }
  }

  /**
   * Lets everybody send all that it may send without changing otherwise. More mail only makes more
   * possible, so whatever could come about without it still can.
   */
  #close(tuple: Int32Array): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (let at = 0; at < tuple.length; at++) {
        const before = tuple[at] ?? 0;
        let local = this.#local(this.#space.own(this.#local(before), 0).eager);
        for (let other = 0; other < tuple.length; other++) {
          if (other === at) continue;
          local = this.#local(this.#space.reaction(local, this.#local(tuple[other] ?? 0)).eager);
        }
        if (local.number === before) continue;
        tuple[at] = local.number;
        changed = true;
      }
    }
  }

  #violate(what: string, at: number, target: number): void {
    this.#violation ??= { what, at, target };
  }

  #affords(used: number): boolean {
    let [left, budget] = [used, this.#budget];
    for (let kind = 0; kind < budgetKinds.length; kind++) {
      if ((left & 15) > (budget & 15)) return false;
      left >>>= 4;
      budget >>>= 4;
    }
    return true;
  }

  /** Which rule the present tuple breaks by what changed at one member. */
  #conflict(at: number): string | undefined {
    const own = this.#local(this.#next[at] ?? 0).core;
    for (let other = 0; other < this.#next.length; other++) {
      if (other === at) continue;
      const { core } = this.#local(this.#next[other] ?? 0);
      const key = own.facts * 2 ** 26 + core.facts;
      if (this.#compatible.has(key)) continue;
      const conflict = conflictOf(this.#facts(own.facts), this.#facts(core.facts));
      if (conflict !== undefined) return conflict;
      this.#compatible.add(key);
    }
    return undurable(
      Array.from(this.#next, (number) => this.#facts(this.#local(number).core.facts)),
    );
  }

  #local(number: number): Local {
    return this.#space.locals[number] as Local; // numbers in tuples are those of locals
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
      const at = next
        ? next.findIndex(
            (number, one) => this.#local(number).core !== this.#local(tuple[one] ?? 0).core,
          )
        : this.#violation.at;
      const target = next?.[at] ?? this.#violation.target;
      path.push(this.#describe(tuple, at, target));
    }
    return [...path, this.#violation.what];
  }

  #describe(tuple: Int32Array, at: number, target: number): string {
    const locals = Array.from(tuple, (number) => this.#local(number));
    const [local] = locals.splice(at, 1);
    if (!local) return "";
    const floor = this.#floor([...locals, local]);
    const action = this.#space.actionTo(local, target, locals, floor);
    const what = action ? describeAction(action) : "?";
    const is =
      target < 0 ? "" : ` | ${at} is ${this.#space.revive(this.#local(target).core).describe()}`;
    return `${action?.verb === "deliver" ? "" : `${at} `}${what}${is}`;
  }
}
