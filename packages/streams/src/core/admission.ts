import type { PeerInfo } from "@mosaik/discovery";
import type { StreamReason } from "../streams.ts";

/** What a producer knows when a consumer asks. */
export interface AdmissionFacts {
  /** How the stream's items travel here. */
  readonly offered: { readonly codec: string; readonly version: number };
  /** How the consumer believes that they do. */
  readonly asked: { readonly codec: string; readonly version: number };
  /** Who asks; `undefined` where nothing is known of it: then nobody can say whether it may. */
  readonly consumer: PeerInfo | undefined;
  readonly accept: (peer: PeerInfo) => boolean;
  readonly consumers: number;
  readonly consumersMax: number;
}

/** Why a consumer is refused, `undefined` where it is not. What cannot change comes first. */
export function refusal(facts: AdmissionFacts): StreamReason | undefined {
  const { offered, asked, consumer } = facts;
  if (offered.codec !== asked.codec || offered.version !== asked.version) return "incompatible";
  if (consumer !== undefined && !facts.accept(consumer)) return "not-allowed";
  return facts.consumers >= facts.consumersMax ? "no-capacity" : undefined;
}
