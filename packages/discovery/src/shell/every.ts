import type { Clock, Timer } from "@mosaik/primitives";

/** Runs something every `ms` milliseconds, until the function that is returned is called. */
export function every(clock: Clock, ms: number, run: () => void): () => void {
  let timer: Timer;
  const wait = (): void => {
    timer = clock.after(ms, () => {
      wait(); // before it runs: what runs may be what ends it
      run();
    });
  };
  wait();
  return () => timer.cancel();
}
