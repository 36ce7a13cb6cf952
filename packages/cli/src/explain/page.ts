/** What is to be said of an error code. */
export interface Page {
  /** What happened. */
  readonly meaning: string;
  /** What to do about it. */
  readonly hint: string;
}
