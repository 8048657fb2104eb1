/** HTTP dates as RFC 9110 §5.6.7 wants them sent. */
const HTTP_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * `Retry-After` in milliseconds from the answer on: seconds or an HTTP date, the date measured
 * against the answer's own `Date` so that no clock skew shortens it. Anything else is undefined.
 */
export function readRetryAfter(
  retryAfter: string | undefined,
  date: string | undefined,
  now: number,
): number | undefined {
  const text = retryAfter?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!HTTP_DATE.test(text)) return undefined;
  const until = Date.parse(text);
  if (Number.isNaN(until)) return undefined;
  const answered = date !== undefined && HTTP_DATE.test(date) ? Date.parse(date) : now;
  return Math.max(0, until - (Number.isNaN(answered) ? now : answered));
}
