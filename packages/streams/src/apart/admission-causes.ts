import type { Cause } from "./cause.ts";
import { failedDial, type Side } from "./side.ts";

/** What dials and refusals say of why a connection was not admitted. */
export function admissionCauses(from: Side, to: Side): Cause[] {
  const names = [from.node?.network, to.node?.network];
  const [ours, theirs] = names;
  if (ours !== undefined && theirs !== undefined && ours !== theirs) {
    return [
      { ...causes["different-network"], text: `one is in '${ours}', the other in '${theirs}'` },
    ];
  }
  const dial = failedDial(from, to);
  const refusal = to.refusals?.filter(({ peer }) => peer === from.peer).at(-1);
  const told = [byCode[dial?.code ?? ""], byReason[refusal?.reason ?? ""]];
  return told.flatMap((kind) => (kind === undefined ? [] : [causes[kind]]));
}

type Admission = "different-network" | "wrong-secret" | "incompatible" | "no-capacity";

const byCode: Readonly<Record<string, Admission>> = {
  NETWORK_DIFFERENT: "different-network",
  NETWORK_WRONG_SECRET: "wrong-secret",
  NETWORK_INCOMPATIBLE: "incompatible",
  NETWORK_NO_CAPACITY: "no-capacity",
};

const byReason: Readonly<Record<string, Admission>> = {
  "different-network": "different-network",
  "wrong-secret": "wrong-secret",
  incompatible: "incompatible",
  overloaded: "no-capacity",
};

const causes: { readonly [kind in Admission]: Cause } = {
  "different-network": {
    kind: "different-network",
    certainty: "certain",
    text: "they belong to networks of different names",
    remedy: "start both with the same network name",
  },
  "wrong-secret": {
    kind: "wrong-secret",
    certainty: "certain",
    text: "they do not know the same secret",
    remedy: "give both the network's secret, or an invite that carries it",
  },
  incompatible: {
    kind: "incompatible",
    certainty: "certain",
    text: "they speak different versions of the control protocol",
    remedy: "run the same major version of @mosaik/transport on both",
  },
  "no-capacity": {
    kind: "no-capacity",
    certainty: "certain",
    text: "one has as many connections as it takes",
    remedy: "raise connectionsMax there, or close what is not needed",
  },
};
