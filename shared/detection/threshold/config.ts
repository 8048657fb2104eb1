import * as z from 'zod';

export const ThresholdConfig = z
  .object({
    kind: z.literal('threshold'),
    aggregate: z.enum(['count', 'distinct', 'sum', 'avg']),
    /** Dotted path of the value; required for all but `count`. */
    field: z.string().optional(),
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
  .refine((config) => config.aggregate === 'count' || config.field !== undefined, {
    path: ['field'],
    message: 'names the value to aggregate, e.g. "payload.latency_ms"',
  });
export type ThresholdConfig = z.infer<typeof ThresholdConfig>;
