/**
 * Lets each side have its turn in every round, another one first each time, so that a machine that
 * gets slower or faster does so for all. Answers what each side found, by round.
 */
export async function inTurns<Side, Found>(
  sides: readonly Side[],
  rounds: number,
  turn: (side: Side) => Promise<Found>,
): Promise<Found[][]> {
  const found: Found[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < sides.length; step++) {
      const index = (round + step) % sides.length;
      const side = sides[index];
      if (side !== undefined) found[index]?.push(await turn(side));
    }
  }
  return found;
}
