import * as z from 'zod';

/** Longest time between a silence's start and its end. */
export const SILENCE_DAYS_MAX = 90;

/**
 * Asks one field of an alert, as Alertmanager does: a field that is missing reads as empty text, and an
 * expression has to match the whole of it.
 */
export const Matcher = z.object({
  field: z
    .string()
    .regex(
      /^(service|severity|rule_id|category|(labels|group)\..{1,128})$/,
      'is service, severity, rule_id, category, labels.<name> or group.<name>',
    ),
  op: z.enum(['=', '!=', '=~', '!~']),
  value: z.string().max(1024),
});
export type Matcher = z.infer<typeof Matcher>;

/** All of them have to hold. */
export const Matchers = z.array(Matcher).min(1).max(20);

export const DocumentId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is a-z, 0-9 and "-", at most 64');

/**
 * Alerts that match are told to nobody from `starts_at` to `ends_at`; with `until_resolved` those that
 * fire at `starts_at`, each until it is resolved, for 90 days at most. Times are RFC 3339.
 */
export const Silence = z.object({
  silence_id: DocumentId,
  matchers: Matchers,
  /** Why; whoever wonders at night reads it. */
  comment: z.string().trim().min(1, 'says why').max(1024),
  starts_at: z.iso.datetime({ offset: true }),
  ends_at: z.iso.datetime({ offset: true }).optional(),
  until_resolved: z.boolean().default(false),
  /** So long before the end `silence.ending` is announced; absent: never. */
  reminder_minutes: z.number().int().min(1).max(10_080).optional(),
  version: z.number().int().default(1),
  author: z.string().default('system'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
  removed: z.boolean().optional(),
});
export type Silence = z.infer<typeof Silence>;
