const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en");

/** A count, with its digits in groups. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A figure a second: `12.3/s`, a dash where it is not known. */
export function formatRate(perSecond: number | undefined): string {
  if (perSecond === undefined) return "–";
  return `${perSecond < 10 ? perSecond.toFixed(1) : compact.format(perSecond)}/s`;
}

/** Bytes in the largest unit that fits. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A time span: its two largest units. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A round-trip time. */
export function formatRtt(ms: number | undefined): string {
  if (ms === undefined) return "–";
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** A time of day, to the millisecond. */
export function formatClock(at: number): string {
  const date = new Date(at);
  const pad = (value: number, length = 2): string => String(value).padStart(length, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((each) => pad(each));
  return `${time.join(":")}.${pad(date.getMilliseconds(), 3)}`;
}

/** A moment, in full. */
export function formatMoment(at: number): string {
  return new Date(at).toISOString();
}
