import { AwsError } from '#infra/local/wire/error.ts';

const UNITS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * The period of `rate(5 minutes)` in milliseconds; cron expressions are refused here.
 * Source: EventBridge User Guide, "Rate expressions" (1 takes the singular, more the plural).
 */
export function parseRate(expression: string): number {
  const [, count = '', unit = '', plural] =
    /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const periodMs = Number(count) * (UNITS[unit] ?? 0);
  if (periodMs > 0 && (count === '1') === (plural === '')) return periodMs;
  throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
}

/** The next time a rule fires: missed periods are skipped, the beat is kept. */
export function nextFire(last: number, periodMs: number, now: number): number {
  return last + (Math.floor(Math.max(now - last, 0) / periodMs) + 1) * periodMs;
}
