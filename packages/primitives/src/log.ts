/** Where a part of mosaik writes what it does. One function a level; `child` narrows the name. */
export interface Log {
  /** Something failed that nobody else reports. */
  error(message: string, facts?: LogFacts): void;
  /** Something is off that mosaik copes with. */
  warn(message: string, facts?: LogFacts): void;
  /** A change of state worth a line. */
  info(message: string, facts?: LogFacts): void;
  /** Detail for finding out why. */
  debug(message: string, facts?: LogFacts): void;
  /** The log of a part, its name after this one's and a colon. */
  child(name: string): Log;
}

/** A log whose parts can be switched on and off while it runs. */
export interface SwitchableLog extends Log {
  /**
   * The names that are on, divided by commas: `*` stands for any text, and a `-` before a name takes
   * it out. Set it to switch.
   */
  namespaces: string;
}

/** Facts of a log line, by name. Secrets never go in. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** A log that keeps nothing. */
export const silentLog: Log = {
  error: () => {},
  warn: () => {},
  info: () => {},
  debug: () => {},
  child: () => silentLog,
};
