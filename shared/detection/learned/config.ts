import * as z from 'zod';

/** The score from which the shipped default calls a point an anomaly; −log10 of a probability in its scale. */
export const SHIPPED_THRESHOLD = 6;

const Direction = z.enum(['both', 'above', 'below']);
export type Direction = z.infer<typeof Direction>;

export const LearnedConfig = z.object({
  kind: z.literal('learned'),
  /** Dotted path of the number to learn, e.g. `payload.latency_ms`. */
  field: z.string(),
  /** Scores are −log10 p; 5 is eager, 8 tells the grossest only. */
  threshold: z.number().min(2).max(50).default(SHIPPED_THRESHOLD),
  /** Which way is wrong: latency up, throughput down. */
  direction: Direction.default('both'),
  /** Whether values are ever-growing totals, judged as rates; found out by itself when absent. */
  counter: z.boolean().optional(),
  /** What the number measures, for people: `ms`, `%`. */
  unit: z.string().max(32).optional(),
});
export type LearnedConfig = z.infer<typeof LearnedConfig>;
