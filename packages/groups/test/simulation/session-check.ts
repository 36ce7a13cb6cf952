import type { Request } from "./machine.ts";
import { Violation } from "./violation.ts";

/**
 * Watches which commands take effect: each at one position only, whoever applies it, and those of a
 * client in the order in which it gave them.
 */
export class SessionCheck {
  readonly #positions = new Map<number, number>();
  /** By client: the latest command that took effect, and where. */
  readonly #latest = new Map<number, { readonly sequence: number; readonly index: number }>();

  /** Notes that a command took effect at a member. @throws Violation */
  tookEffect({ client, sequence }: Request, index: number): void {
    const key = client * 2 ** 20 + sequence;
    const known = this.#positions.get(key);
    if (known === index) return;
    if (known !== undefined) {
      throw new Violation(`command ${client}/${sequence} takes effect at ${known} and at ${index}`);
    }
    const before = this.#latest.get(client);
    if (before && before.index < index !== before.sequence < sequence) {
      throw new Violation(`commands of client ${client} change places at ${index}`);
    }
    this.#positions.set(key, index);
    if (!before || before.index < index) this.#latest.set(client, { sequence, index });
  }

  /** Where a command took effect. */
  positionOf(client: number, sequence: number): number | undefined {
    return this.#positions.get(client * 2 ** 20 + sequence);
  }
}
