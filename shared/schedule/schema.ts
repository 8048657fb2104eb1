import * as z from 'zod';

import { CHANNELS } from '#shared/notification/schema.ts';

/** Wall time in the schedule's time zone, `HH:MM`. */
const WallTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is a time such as 09:00');
const UserName = z.string().min(1).max(128);

/** Hours of the week in which a layer is on call; `to` at or before `from` is on the next day. */
export const Restriction = z.object({
  /** ISO weekdays on which it begins, 1 = Monday … 7 = Sunday. */
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  from: WallTime,
  to: WallTime,
});

/** People who take turns. Hand-overs are at the same wall time all year, whatever the clocks do. */
export const Layer = z.object({
  name: z.string().min(1).max(64),
  /** In turn; each is a member. */
  users: z.array(UserName).min(1).max(50),
  /** Date of the first hand-over, to the first user. */
  starts_on: z.iso.date(),
  /** The layer ends with the hand-over of this date; absent: never. */
  ends_on: z.iso.date().optional(),
  hand_over_at: WallTime,
  rotation: z.object({
    unit: z.enum(['hours', 'days', 'weeks']),
    /** Turns last so many units. */
    length: z.number().int().min(1).max(366),
  }),
  /** Absent: at all times. */
  restrictions: z.array(Restriction).min(1).max(21).optional(),
});
export type Layer = z.infer<typeof Layer>;

/** One person instead of whoever the layers say. */
export const Override = z
  .object({
    override_id: z.string().min(1).max(64),
    user: UserName,
    from: z.iso.datetime({ offset: true }),
    to: z.iso.datetime({ offset: true }),
    reason: z.string().max(256).default(''),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'is after "from"',
  });
export type Override = z.infer<typeof Override>;

/** One way to reach somebody. */
export const Target = z.object({
  channel: z.enum(CHANNELS),
  destination: z.string().min(1).max(128),
});

/** Who is on call when. Later layers win over earlier ones, overrides over all layers, later over earlier. */
export const Schedule = z.object({
  schedule_id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is a-z, 0-9 and "-", at most 64'),
  name: z.string().min(1).max(128),
  description: z.string().max(1024).default(''),
  /** IANA name, e.g. `Europe/Berlin`. */
  time_zone: z.string().min(1).max(64),
  /** Everybody who may be on call, and how each is told. */
  members: z
    .array(
      z.object({
        user: UserName,
        targets: z.array(Target).min(1).max(5),
      }),
    )
    .min(1)
    .max(200),
  layers: z.array(Layer).min(1).max(10),
  overrides: z.array(Override).max(500).default([]),
  version: z.number().int().default(1),
  author: z.string().default('system'),
  updated_at: z.string().default('1970-01-01T00:00:00.000Z'),
  removed: z.boolean().optional(),
});
export type Schedule = z.infer<typeof Schedule>;

/** A time in which one person is on call. */
export const Shift = z.object({
  user: z.string(),
  /** RFC 3339, included. */
  from: z.string(),
  /** RFC 3339, excluded. */
  to: z.string(),
  /** The layer that says so; absent for an override. */
  layer: z.string().optional(),
  override_id: z.string().optional(),
});
export type Shift = z.infer<typeof Shift>;
