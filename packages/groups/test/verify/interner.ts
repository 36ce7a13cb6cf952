/** Gives equal texts the same number, from 0 on. */
export class Interner<Value> {
  readonly values: Value[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of a text; its value is made where it is new. */
  number(text: string, make: (number: number) => Value): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.values.length;
    this.#numbers.set(text, number);
    this.values.push(make(number));
    return number;
  }
}
