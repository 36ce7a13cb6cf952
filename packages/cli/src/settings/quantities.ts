import { InvalidArgumentError } from "@commander-js/extra-typings";

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What `--timeout` is where nobody says, ms. */
export const timeoutDefaultMs = 10_000;

/** Milliseconds of a text such as `250ms`, `10s`, `5m`, `1h`, `2d`; a bare number is seconds. */
export function parseDuration(text: string): number {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("say it like 250ms, 10s, 5m or 1h.");
  return Math.round(Number(number) * (units[unit] ?? 1));
}

/** Bytes of a text such as `64`, `1k`, `8M`. */
export function parseSize(text: string): number {
  const [, number, unit = ""] = /^(\d+)([kM])?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("say it like 64, 1k or 8M.");
  return Number(number) * (unit === "k" ? 1024 : unit === "M" ? 1024 * 1024 : 1);
}

/** A whole number above 0. */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("give a whole number above 0.");
  return Number(text);
}

/** For options that may be given several times. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}
