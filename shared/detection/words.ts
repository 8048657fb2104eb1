/** A number for people: at most four significant digits below 10,000, no exponent for everyday numbers. */
export function numberWords(value: number): string {
  return String(Number(value.toPrecision(Math.abs(value) >= 10_000 ? 12 : 4)));
}

/** Seconds in the largest unit that divides them: `10 min`, `36 h`, `2 d`. */
export function spanWords(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** Seconds about right, in one unit: `45 s`, `12 min`, `36 h`, `5 d`. */
export function roughSpanWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
