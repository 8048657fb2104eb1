/** Width of one row of activity, in milliseconds of arrival time. */
export const ACTIVITY_HOUR_MS = 3_600_000;

/**
 * How many events one shard brought in one hour that the patterns of a tenant's rules matched. Counted
 * by record: a batch that comes again counts nothing, an event a producer put twice counts twice.
 */
export interface RuleActivity {
  tenant: string;
  /** floor(arrival time / ACTIVITY_HOUR_MS). */
  hour: number;
  shard: string;
  /** The last record counted: those at or below it are in. */
  fence: string;
  /** By rule id; rules that matched nothing are absent. */
  matches: Record<string, number>;
  revision: number;
}
