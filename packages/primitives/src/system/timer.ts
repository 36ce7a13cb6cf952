import type { Timer } from "../clock.ts";

/** `setTimeout` fires at once for anything longer: about 25 days. */
const stepMax = 2 ** 31 - 1;

/** Something of the platform that will run once. */
interface Handle {
  /** Lets the process end although it is pending. Node only. */
  unref?(): void;
}

/** Runs a function once, `ms` milliseconds from now, however many; keeps no process alive. */
export function startTimer(ms: number, run: () => void): Timer {
  let handle: ReturnType<typeof setTimeout>;
  const arm = (left: number): void => {
    const step = Math.min(left, stepMax);
    handle = setTimeout(() => (left > step ? arm(left - step) : run()), step);
    (handle as Handle).unref?.(); // a number in browsers
  };
  arm(ms);
  return { cancel: () => clearTimeout(handle) };
}
