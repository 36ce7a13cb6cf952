import { encodeUtf8 } from "@mosaik/primitives";
import { secretBytesMin } from "./config.ts";
import type { InspectionKeys } from "./diagnostics/inspection-key.ts";
import { TransportError } from "./errors.ts";
import { isInvite, parseInvite } from "./invite.ts";

/**
 * The seeds with invites opened, and the secret and the keys, which an invite may have brought.
 *
 * @throws TransportError with `NETWORK_BAD_INVITE`; `RangeError` where the secret is too short.
 */
export function joining(init: {
  readonly network: string;
  readonly secret?: string;
  readonly seeds?: readonly string[];
}): {
  readonly seeds: readonly string[];
  readonly secret: string | undefined;
  readonly keys: InspectionKeys;
} {
  let { secret } = init;
  let keys: InspectionKeys = {};
  const seeds = (init.seeds ?? []).flatMap((seed) => {
    if (!isInvite(seed)) return [seed];
    const invite = parseInvite(seed);
    if (invite.network !== init.network) {
      const message = `the invite is for the network '${invite.network}', not '${init.network}'`;
      throw new TransportError("NETWORK_BAD_INVITE", message);
    }
    secret ??= invite.secret;
    keys = { read: keys.read ?? invite.readKey, write: keys.write ?? invite.writeKey };
    return invite.seeds;
  });
  if (secret !== undefined && encodeUtf8(secret).byteLength < secretBytesMin) {
    throw new RangeError(`a network's secret has at least ${secretBytesMin} bytes`);
  }
  return { seeds, secret, keys };
}
