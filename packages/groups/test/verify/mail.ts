import type { Letter } from "./action.ts";
import { Interner } from "./interner.ts";
import { PairTable } from "./pair-table.ts";
import type { Subject } from "./subject.ts";

/** All that a member ever sent, or the part of it that is for one other. */
export interface Mail {
  readonly number: number;
  /** Numbers of letters, rising. */
  readonly letters: readonly number[];
  /** By member: what is for it. */
  readonly to: Mail[];
  /** Of which terms it has requests for a vote, and votes: a bit for each. */
  readonly asked: number;
  readonly granted: number;
}

/** Letters and sets of letters by number. */
export class Post {
  readonly letters = new Interner<Letter>();
  readonly #mails = new Interner<Mail>();
  readonly #unions = new PairTable<Mail>();
  readonly none: Mail = this.mail([]);

  /** A set of letters. */
  mail(letters: readonly number[]): Mail {
    const number = this.#mails.number(letters.join(), (number) => {
      let [asked, granted] = [0, 0];
      for (const letter of letters) {
        const message = this.letters.values[letter]?.message;
        if (message?.kind === "vote-request") asked |= 1 << message.term;
        if (message?.kind === "vote-reply" && message.granted) granted |= 1 << message.ballot;
      }
      return { number, letters, to: [], asked, granted };
    });
    return this.#at(number);
  }

  /** What a subject just sent. */
  sentBy({ at, sends }: Subject): Mail {
    const numbers = new Set<number>();
    for (const { to, message, state } of sends) {
      if (to === at) continue;
      const letter = { from: at, to, message, state };
      numbers.add(this.letters.number(JSON.stringify(letter), () => letter));
    }
    return this.mail([...numbers].sort((a, b) => a - b));
  }

  /** Both together. */
  union(a: Mail, b: Mail): Mail {
    if (b === this.none || a === b) return a;
    const known = this.#unions.get(a.number, b.number);
    if (known) return known;
    const both = this.mail([...new Set([...a.letters, ...b.letters])].sort((x, y) => x - y));
    return this.#unions.set(a.number, b.number, both);
  }

  /** The part of it that is for one member. */
  for(mail: Mail, to: number): Mail {
    mail.to[to] ??= this.mail(
      mail.letters.filter((letter) => this.letters.values[letter]?.to === to),
    );
    return mail.to[to];
  }

  #at(number: number): Mail {
    const mail = this.#mails.values[number];
    if (!mail) throw new Error("mail has a number");
    return mail;
  }
}
