import { jitter } from "@mosaik/primitives";
import { betterFactor, betterFirstMs, betterLongestMs } from "../config.ts";
import type { Session } from "./session.ts";
import type { SessionEnvironment } from "./session-environment.ts";

/**
 * Seeks a better connection to the peer of a session, ever more rarely and as long as the session
 * lasts: the better one may be lost first. `seek` answers whether there is one.
 */
export function seekBetter(
  session: Session,
  { clock, random }: SessionEnvironment,
  seek: () => Promise<boolean>,
): void {
  let waitMs = betterFirstMs;
  const arm = () => clock.after(jitter(random, waitMs, 0.2), () => void look());
  const look = async (): Promise<void> => {
    const found = await seek();
    waitMs = found ? betterFirstMs : Math.min(betterLongestMs, waitMs * betterFactor);
    if (session.open) timer = arm();
  };
  let timer = arm();
  session.connection.onClose(() => timer.cancel());
}
