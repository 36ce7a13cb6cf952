import type { LetterSense, Sense } from "./letter-sense.ts";
import type { Mail } from "./mail.ts";
import type { Local, MemberSpace } from "./member-space.ts";
import { PairTable } from "./pair-table.ts";
import type { WorldPlan } from "./world.ts";

/**
 * Brings states of a world that go on alike into one form. What is left out changes nothing in any state
 * that may follow:
 *
 * 1. *All is sent that may be* without the sender changing otherwise: more mail only makes more possible.
 * 2. *Of letters, those are kept that make a difference* in a state that their receiver may still get to,
 *    and of those that make the same one, one. A letter that changes nothing may go although it is
 *    answered, where each answer was sent before or makes no difference to whom it is for. Those left out
 *    make none later either: receivers only ever get to fewer states. Which make a difference is judged
 *    by the steps known so far: see `LetterSense`, and `explore`, which holds it to that.
 * 3. *Votes are forgotten* in a term that no member is before, and that nobody who stands in it can win any
 *    more: no request of theirs is left that makes a difference, and no vote for them is. Nobody will stand
 *    in it later, as that is always in a later term; so who voted for whom, who still stands and what is
 *    answered to a request in that term decides nothing. (Not where a crash may bring back an earlier
 *    term, or where members are asked about a later one.)
 */
export class NormalForm {
  readonly #space: MemberSpace;
  readonly #sense: LetterSense;
  readonly #isPlain: boolean;
  readonly #settles: boolean;
  readonly #locals: Local[] = [];
  /** By the states of two members: what the one has sent the other that makes a difference. */
  readonly #kept = new PairTable<Mail>();

  constructor(plan: WorldPlan, space: MemberSpace, sense: LetterSense) {
    this.#space = space;
    this.#isPlain = plan.isPlain ?? false;
    this.#settles = !plan.slowDisks && !plan.asks;
    this.#sense = sense;
  }

  /** Brings a state into its form. */
  bring(tuple: Int32Array): void {
    this.#send(tuple);
    if (this.#isPlain) return;
    this.#sort(tuple);
    if (this.#settles && this.#settle(tuple)) this.#sort(tuple);
  }

  #send(tuple: Int32Array): void {
    const space = this.#space;
    for (let changed = true; changed; ) {
      changed = false;
      for (let at = 0; at < tuple.length; at++) {
        const before = this.#local(tuple, at);
        let local = space.local(space.own(before, 0).eager);
        for (let other = 0; other < tuple.length; other++) {
          if (other === at) continue;
          local = space.local(space.reaction(local, this.#local(tuple, other)).eager);
        }
        if (local === before) continue;
        tuple[at] = local.number;
        changed = true;
      }
    }
  }

  #sort(tuple: Int32Array): void {
    const { post } = this.#space;
    const locals = this.#localsOf(tuple);
    for (let at = 0; at < tuple.length; at++) {
      const local = locals[at] as Local; // there is one of each member
      let mail = post.none;
      for (const other of locals) {
        if (other !== local) mail = post.union(mail, this.#keptOf(local, other));
      }
      if (mail !== local.mail) tuple[at] = this.#space.with(local.core, mail).number;
    }
  }

  #keptOf(from: Local, to: Local): Mail {
    const known = this.#kept.get(from.number, to.number);
    return known ?? this.#kept.set(from.number, to.number, this.#keep(from, to));
  }

  #keep(from: Local, to: Local): Mail {
    const { post } = this.#space;
    const sense = this.#sense;
    const sent = post.for(to.mail, from.core.at).letters;
    const isIdle = (answer: number): boolean =>
      sent.includes(answer) ||
      (post.letters.values[answer]?.to === from.core.at && sense.of(from.core, answer).full === 0);
    const isSilent = ({ answers }: Sense): boolean => answers.letters.every(isIdle);
    const kept = new Set<number>();
    for (const letter of post.for(from.mail, to.core.at).letters) {
      const own = sense.of(to.core, letter);
      if (!isSilent(own)) kept.add(own.twin);
      else if (own.moves > 0) {
        const alike = sense.alike(to.core, own.moves);
        kept.add(alike.find((one) => isSilent(sense.of(to.core, one))) ?? letter);
      }
    }
    return post.mail([...kept].sort((a, b) => a - b));
  }

  /** False where there is nothing to forget. */
  #settle(tuple: Int32Array): boolean {
    const locals = this.#localsOf(tuple);
    let term = Number.POSITIVE_INFINITY;
    for (const { core } of locals) term = Math.min(term, core.term);
    if (locals.every(({ core }) => core.term > term || core.isSettled)) return false;
    for (const local of locals) {
      if (local.core.term === term && local.core.stands && this.#mayWin(local, locals))
        return false;
    }
    for (const [at, { core, mail }] of locals.entries()) {
      if (core.term > term) continue;
      tuple[at] = this.#space.with(this.#space.settled(core), mail).number;
    }
    return true;
  }

  #mayWin({ core, mail }: Local, locals: readonly Local[]): boolean {
    const { post } = this.#space;
    const ballot = 1 << core.term;
    if ((mail.asked & ballot) !== 0) return true;
    return locals.some((other) => (post.for(other.mail, core.at).granted & ballot) !== 0);
  }

  #local(tuple: Int32Array, at: number): Local {
    return this.#space.local(tuple[at] ?? 0);
  }

  #localsOf(tuple: Int32Array): readonly Local[] {
    for (let at = 0; at < tuple.length; at++) this.#locals[at] = this.#local(tuple, at);
    return this.#locals;
  }
}
