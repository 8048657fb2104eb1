import * as z from 'zod';

export const ThresholdConfig = z
  .object({
    kind: z.literal('threshold'),
    aggregate: z.enum(['count', 'distinct', 'sum', 'avg', 'rate', 'percentile']),
    /** Dotted path of the value; required for all but `count` and `rate`, which count events without. */
    field: z.string().optional(),
    /** Of `percentile`: which one, e.g. 99. The least value that so many percent of all do not exceed. */
    percentile: z.number().min(0).max(100).optional(),
    /** Of `rate`: events, or the sum of `field`, per so many seconds; 1 unless told. */
    per_seconds: z.number().int().min(1).max(86_400).optional(),
    window_seconds: z
      .number()
      .int()
      .min(1)
      .max(86_400 * 7),
    operator: z.enum(['>=', '>', '<=', '<']).default('>='),
    threshold: z.number(),
    /** For avg with `<`/`<=` and the like: judge only from this many events on. */
    min_events: z.number().int().min(1).default(1),
    /** What the number counts or measures, for people: `failed logins`, `%`, `ms`. */
    unit: z.string().max(32).optional(),
  })
  .refine(({ aggregate, field }) => ['count', 'rate'].includes(aggregate) || field !== undefined, {
    path: ['field'],
    message: 'names the value to aggregate, e.g. "payload.latency_ms"',
  })
  .refine(
    ({ aggregate, percentile }) => (aggregate === 'percentile') === (percentile !== undefined),
    {
      path: ['percentile'],
      message: 'says which one, e.g. 99, when the aggregate is "percentile", and stands there only',
    },
  )
  .refine(({ aggregate, per_seconds }) => aggregate === 'rate' || per_seconds === undefined, {
    path: ['per_seconds'],
    message: 'stands with the aggregate "rate" only',
  });
export type ThresholdConfig = z.infer<typeof ThresholdConfig>;
