import { checkLinearizable, registerModel } from "@mosaik/testing";
import type { Simulation } from "./simulation.ts";
import { Violation } from "./violation.ts";

const searchStepsMax = 200_000;

/**
 * What must hold once a run is over and everything has healed: histories are linearizable; terms did
 * not grow without need. Answers how many histories were too long to decide.
 */
export function checkEnd(sim: Simulation, strikes: number): number {
  const undecided = checkHistories(sim);
  const { highestTerm, leaders } = sim.checkers;
  if (highestTerm - leaders > 20 + strikes) {
    throw new Violation(`liveness: ${highestTerm - leaders} terms without a leader`);
  }
  if (sim.swarm.founders === 0) sim.goals.add("founded");
  if (leaders >= 3) sim.goals.add("three leaders");
  return undecided;
}

/** What was acknowledged is in every member's state once they have converged. */
export function checkAcknowledged(sim: Simulation): void {
  const members = sim.hosts.filter((host) => host.isMember && !host.isWitness);
  for (const client of sim.clients) {
    for (const sequence of client.acknowledged) {
      const index = sim.checkers.sessions.positionOf(client.number, sequence);
      if (index === undefined) throw new Violation("an acknowledged command was never applied");
      const behind = members.find((host) => host.machine.applied < index);
      if (behind) throw new Violation(`${behind.id} is without an acknowledged command`);
    }
  }
}

function checkHistories(sim: Simulation): number {
  let undecided = 0;
  for (let key = 0; key < sim.swarm.keys; key++) {
    const history = sim.history.filter((operation) => operation.key === key);
    const verdict = checkLinearizable(registerModel(0), history, searchStepsMax);
    if (verdict.state === "undecided") undecided++;
    if (verdict.state !== "violated") continue;
    throw new Violation(`not linearizable: ${JSON.stringify(verdict.stuckAt)}`);
  }
  return undecided;
}
