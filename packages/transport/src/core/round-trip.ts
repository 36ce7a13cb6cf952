/** Smoothed round-trip time after RFC 6298, section 2, without the timeout. */
export class RoundTrip {
  #smoothedMs: number | undefined;

  /** The estimate, 0 before the first sample. */
  get ms(): number {
    return this.#smoothedMs ?? 0;
  }

  /** Takes a measured round trip. */
  sample(ms: number): void {
    this.#smoothedMs = this.#smoothedMs === undefined ? ms : (7 * this.#smoothedMs + ms) / 8;
  }
}
