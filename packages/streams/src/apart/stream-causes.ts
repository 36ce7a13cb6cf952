import type { Cause } from "./cause.ts";
import type { Side } from "./side.ts";

/**
 * Why a consumer has no subscription with a producer, by stream: what {@link whyApart} says of
 * streams alone. `stream` is the id of the one that is meant; default: any.
 */
export function streamCauses(consumer: Side, producer: Side, stream: string | undefined): Cause[] {
  const causes: Cause[] = [];
  for (const consumed of Object.values(consumer.streams?.consumed ?? {})) {
    if (stream !== undefined && consumed.stream !== stream) continue;
    const produced = producer.streams?.produced[consumed.stream];
    if (produced !== undefined && !isSame(produced, consumed)) {
      causes.push({
        kind: "incompatible-stream",
        certainty: "certain",
        text: `'${consumed.name}' is ${said(consumed)} for one and ${said(produced)} for the other`,
        remedy: "declare the stream alike on both: the same codec and version",
      });
      continue;
    }
    const reason =
      produced?.refused[consumer.peer]?.reason ?? consumed.refusals[producer.peer] ?? "";
    const cause = byReason[reason];
    if (cause !== undefined) causes.push({ ...cause, text: `'${consumed.name}': ${cause.text}` });
  }
  return causes;
}

type Declared = { readonly codec: string; readonly version: number };

function isSame(left: Declared, right: Declared): boolean {
  return left.codec === right.codec && left.version === right.version;
}

function said({ codec, version }: Declared): string {
  return `${codec}, version ${version},`;
}

const byReason: Readonly<Record<string, Cause>> = {
  "not-allowed": {
    kind: "refused-by-predicate",
    certainty: "certain",
    text: "the producer's `accept` refuses this consumer",
    remedy: "look at what `accept` asks for: tags, tickets, round-trip time",
  },
  "not-wanted": {
    kind: "refused-by-predicate",
    certainty: "certain",
    text: "the consumer's `from` does not want this producer",
    remedy: "look at what `from` asks for: tags, tickets, round-trip time",
  },
  "no-capacity": {
    kind: "no-capacity",
    certainty: "certain",
    text: "the producer has as many consumers as it takes, or the consumer as many producers",
    remedy: "raise maxConsumers, or consume from others",
  },
  "too-slow": {
    kind: "too-slow",
    certainty: "certain",
    text: "the consumer fell further behind than the producer waits for",
    remedy: "read faster, give it a larger window, or produce with another lag policy",
  },
  incompatible: {
    kind: "incompatible-stream",
    certainty: "certain",
    text: "codec, version or schema differ",
    remedy: "declare the stream alike on both: the same codec, version and schema",
  },
};
