import { describe, expect, it } from "vitest";
import type { VoteReply } from "../../src/raft/messages.ts";
import { genesis, instance, limits, me, one, Rig, three, two } from "./rig.ts";

const answer = (reply: Pick<VoteReply, "pre" | "granted" | "ballot" | "term">): VoteReply => ({
  kind: "vote-reply",
  instance,
  ...reply,
});

/** Stands in the second term, was not elected, and stands in the third. */
function standsAgain(pre: boolean): Rig {
  const rig = new Rig(me, [genesis]);
  for (const ballot of [2, 3]) {
    rig.pass(limits.electionMaxMs);
    rig.sent();
    if (pre && ballot === 3) break;
    for (const voter of [one, two]) {
      rig.receive(voter, answer({ pre: true, granted: true, ballot, term: ballot - 1 }));
    }
    rig.sent();
  }
  return rig;
}

describe("a candidate", () => {
  it.each([true, false])("does not count refusals of an earlier ballot (pre-vote: %s)", (pre) => {
    const rig = standsAgain(pre);
    const ballot = 2;
    for (const voter of [one, two, three]) {
      rig.receive(voter, answer({ pre, granted: false, ballot, term: 2 }));
    }
    expect(rig.node.status()).toMatchObject({ role: "candidate", term: pre ? 2 : 3 });
    for (const voter of [one, two]) {
      rig.receive(voter, answer({ pre, granted: true, ballot: 3, term: pre ? 2 : 3 }));
    }
    rig.sent();
    expect(rig.node.status().role).toBe(pre ? "candidate" : "leader");
    expect(rig.node.status().term).toBe(3);
  });

  it("gives up where too many refuse this ballot, and follows who is in a later term", () => {
    const rig = standsAgain(false);
    for (const voter of [one, two, three]) {
      rig.receive(voter, answer({ pre: false, granted: false, ballot: 3, term: 3 }));
    }
    expect(rig.node.status()).toMatchObject({ role: "follower", term: 3 });
    const later = standsAgain(false);
    later.receive(one, answer({ pre: false, granted: false, ballot: 2, term: 7 }));
    expect(later.node.status()).toMatchObject({ role: "follower", term: 7 });
  });
});
