import { Interner } from "./interner.ts";
import type { Mail } from "./mail.ts";
import type { Core, MemberSpace } from "./member-space.ts";

/** What a letter does to its receiver, now and in every state that it may get to. */
export interface Sense {
  /** Equal where the same states come of it everywhere; 0 where it changes nothing anywhere. */
  readonly moves: number;
  /** Equal where the same is sent as well; 0 where nothing is, either. */
  readonly full: number;
  /** All that is sent because of it anywhere. */
  readonly answers: Mail;
  /** The first letter known that does all the same. */
  readonly twin: number;
}

/** States of a member that lead to each other, and those that they lead to. */
interface Knot {
  readonly cores: readonly Core[];
  readonly next: readonly Knot[];
  readonly senses: Map<number, Sense>;
  readonly byMoves: Map<number, number[]>;
  readonly byFull: Map<number, number>;
}

/**
 * Which letters make no difference any more: in no state that their receiver may still get to.
 *
 * Judged by the steps of members that were known when this was made. Whoever explores a world with
 * fewer letters may meet further ones, and must ask afterwards whether what was judged still holds.
 */
export class LetterSense {
  readonly #space: MemberSpace;
  readonly #knots = new Map<Core, Knot>();
  readonly #numbers = new Interner<string>();

  constructor(space: MemberSpace) {
    this.#space = space;
    this.#numbers.number("", () => ""); // 0: nothing
    this.#tie([...space.cores]);
  }

  /** What a letter does to its receiver from a state on. */
  of(core: Core, letter: number): Sense {
    const { senses } = this.#knotOf(core);
    let sense = senses.get(letter);
    if (!sense) {
      this.#judge(this.#knotOf(core), [letter]);
      sense = senses.get(letter) as Sense; // judged
    }
    return sense;
  }

  /** Letters of which the same states come, first known first. */
  alike(core: Core, moves: number): readonly number[] {
    return this.#knotOf(core).byMoves.get(moves) ?? [];
  }

  /** Whether whatever passed for equal by what another knew does so by what is known here. */
  confirms(other: LetterSense): boolean {
    const { post } = this.#space;
    for (const [core, knot] of other.#knots) {
      const moves = new Map<number, number>([[0, 0]]);
      const full = new Map<number, number>([[0, 0]]);
      for (const [letter, old] of knot.senses) {
        const alone = old.moves > 0 && knot.byMoves.get(old.moves)?.length === 1;
        if (alone) continue;
        const now = this.of(core, letter);
        if ((moves.get(old.moves) ?? now.moves) !== now.moves) return false;
        if ((full.get(old.full) ?? now.full) !== now.full) return false;
        if (post.union(old.answers, now.answers) !== old.answers) return false;
        moves.set(old.moves, now.moves);
        full.set(old.full, now.full);
      }
    }
    return true;
  }

  #judge(knot: Knot, letters: readonly number[]): void {
    const open = letters.filter((letter) => !knot.senses.has(letter));
    if (open.length === 0) return;
    for (const next of knot.next) this.#judge(next, open);
    const { post } = this.#space;
    const parts = open.map((letter) => ({ letter, moves: "", full: "", answers: post.none }));
    for (const [at, core] of knot.cores.entries()) {
      for (const part of parts) {
        const { to, sent } = this.#space.delivery(core, part.letter);
        const target =
          typeof to === "string" ? to : to === undefined || to === core ? "" : to.number;
        if (target !== "") part.moves += `${at}>${target} `;
        if (sent !== post.none) part.full += `${at}!${sent.number} `;
        part.answers = post.union(part.answers, sent);
      }
    }
    for (const [at, next] of knot.next.entries()) {
      for (const part of parts) {
        const { moves, full, answers } = next.senses.get(part.letter) as Sense; // judged above
        if (moves > 0) part.moves += `${at}:${moves} `;
        if (full > 0) part.full += `${at}:${full} `;
        part.answers = post.union(part.answers, answers);
      }
    }
    for (const part of parts) {
      const moves = this.#number(part.moves);
      const full = this.#number(part.full === "" ? part.moves : `${part.moves}|${part.full}`);
      const twin = knot.byFull.get(full) ?? part.letter;
      knot.byFull.set(full, twin);
      const alike = knot.byMoves.get(moves);
      if (alike) alike.push(part.letter);
      else knot.byMoves.set(moves, [part.letter]);
      knot.senses.set(part.letter, { moves, full, answers: part.answers, twin });
    }
  }

  #number(text: string): number {
    return this.#numbers.number(text, () => text);
  }

  /** A state that was not known yet is judged by itself. */
  #knotOf(core: Core): Knot {
    return this.#knots.get(core) ?? this.#knot([core], []);
  }

  #knot(cores: readonly Core[], next: readonly Knot[]): Knot {
    const knot = { cores, next, senses: new Map(), byMoves: new Map(), byFull: new Map() };
    for (const core of cores) this.#knots.set(core, knot);
    return knot;
  }

  /** Tarjan's strongly connected components. */
  #tie(cores: readonly Core[]): void {
    const order = new Map<Core, number>();
    const stack: Core[] = [];
    const visit = (core: Core): number => {
      const place = order.size;
      let low = place;
      order.set(core, place);
      stack.push(core);
      for (const next of core.next) {
        if (this.#knots.has(next)) continue;
        low = Math.min(low, order.get(next) ?? visit(next));
      }
      if (low < place) return low;
      const tied = stack.splice(stack.indexOf(core));
      const next = new Set<Knot>();
      for (const one of tied) {
        for (const other of one.next) {
          const knot = this.#knots.get(other);
          if (knot) next.add(knot);
        }
      }
      this.#knot(tied, [...next]);
      return low;
    };
    for (const core of cores) if (!this.#knots.has(core)) visit(core);
  }
}
