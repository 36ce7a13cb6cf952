/** What a bench can be told. */
export interface BenchOptions {
  readonly quick: boolean;
  /** Names of cases, or how they begin; all where there are none. */
  readonly cases: readonly string[];
  /** The sides to compare; all where there are none. */
  readonly sides: readonly string[];
  /** Where each process writes a CPU profile when it ends. */
  readonly profile: string | undefined;
}
