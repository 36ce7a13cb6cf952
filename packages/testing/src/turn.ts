/**
 * Runs a function in a turn of the event loop of its own: after every microtask, and with the
 * microtasks of each such function done before the next.
 */
export const inOwnTurn: (run: () => void) => void =
  typeof setImmediate === "function" ? (run) => void setImmediate(run) : byMessage();

function byMessage(): (run: () => void) => void {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return (run) => {
    waiting.push(run);
    channel.port2.postMessage(null);
  };
}
