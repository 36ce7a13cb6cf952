import type { Random } from "@mosaik/primitives";
import type { Producer } from "@mosaik/streams";
import { Bytes, numbered } from "../replay/account.ts";
import type { Node } from "../replay/cluster.ts";

/** What a producer does where a consumer is slow. */
export const policies = ["disconnect", "drop-oldest", "wait"] as const;

/** A producer that sends numbers, and may be restarted. */
export class Talker {
  node: Node;
  producer: Producer<Uint8Array>;
  restarts = 0;
  readonly #lag: { policy: (typeof policies)[number]; itemsMax: number };

  constructor(node: Node, lag: { policy: (typeof policies)[number]; itemsMax: number }) {
    this.node = node;
    this.#lag = lag;
    this.producer = this.#produce();
  }

  async restart(): Promise<void> {
    this.restarts++;
    await this.producer.close();
    this.producer = this.#produce();
  }

  burst(random: Random): void {
    const count = Math.floor(random.next() * 80);
    for (let n = 0; n < count; n++) {
      const bytes = 4 + Math.floor(random.next() ** 4 * 3_000);
      if (this.producer.trySend(numbered(this.producer.position.sequence, bytes)) !== "sent")
        return;
    }
  }

  #produce(): Producer<Uint8Array> {
    return this.node.streams.produce(Bytes, { lag: this.#lag, onlineWhen: { atLeast: 0 } });
  }
}

/** The sum of what each has. */
export function sum<Value>(values: readonly Value[], of: (value: Value) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

/** FNV-1a, 32 bits. */
export function hashOf(texts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const character of texts.join("|")) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
