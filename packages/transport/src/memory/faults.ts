import type { PeerId } from "@mosaik/primitives";

type Rule = (from: PeerId, to: PeerId) => boolean;

/** Which peers cannot reach which. */
export class Faults {
  readonly #rules = new Set<Rule>();
  readonly #frozen = new Set<PeerId>();

  /** Whether what `from` sends does not reach `to` for now. */
  blocks(from: PeerId, to: PeerId): boolean {
    if (this.#frozen.has(from) || this.#frozen.has(to)) return true;
    for (const rule of this.#rules) if (rule(from, to)) return true;
    return false;
  }

  /** Peers of different groups do not reach each other; those in none are a group of their own. */
  partition(groups: readonly (readonly PeerId[])[]): Disposable {
    const groupOf = new Map<PeerId, number>();
    groups.forEach((group, index) => {
      for (const peer of group) groupOf.set(peer, index);
    });
    return this.#add((from, to) => groupOf.get(from) !== groupOf.get(to));
  }

  /** What the first send does not reach the second. */
  oneWay(from: readonly PeerId[], to: readonly PeerId[]): Disposable {
    const [senders, receivers] = [new Set(from), new Set(to)];
    return this.#add((sender, receiver) => senders.has(sender) && receivers.has(receiver));
  }

  /** Two peers do not reach each other. */
  stall(a: PeerId, b: PeerId): Disposable {
    return this.#add((from, to) => (from === a && to === b) || (from === b && to === a));
  }

  /** Takes back every partition and stall. */
  heal(): void {
    this.#rules.clear();
  }

  /** Cuts a peer off from all. */
  freeze(peer: PeerId): void {
    this.#frozen.add(peer);
  }

  /** Takes back a freeze. */
  thaw(peer: PeerId): void {
    this.#frozen.delete(peer);
  }

  #add(rule: Rule): Disposable {
    this.#rules.add(rule);
    return { [Symbol.dispose]: () => void this.#rules.delete(rule) };
  }
}
