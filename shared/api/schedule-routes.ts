import * as z from 'zod';

import { Schedule, Shift, Target } from '#shared/schedule/schema.ts';

import { documentRoutes } from './document-routes.ts';
import { none } from './field.ts';

const id = { schedule_id: z.string().min(1).max(64) };
const instant = z.iso.datetime({ offset: true });
const { version: _v, author: _a, updated_at: _u, removed: _r, ...fields } = Schedule.shape;

/** The schemas of the operations on on-call schedules. */
export const SCHEDULE_ROUTE_SCHEMAS = {
  ...documentRoutes('schedules', { document: Schedule, fields, id }),
  'schedules.on-call': {
    params: id,
    query: {
      /** Now unless told. */
      at: instant.optional(),
    },
    body: none,
    result: z.object({
      at: z.string(),
      /** Null: nobody. Its ends are known within five weeks around `at`. */
      shift: Shift.nullable(),
      /** How the person on call is told. */
      targets: z.array(Target),
    }),
  },
  'schedules.shifts': {
    params: id,
    query: {
      /** Now unless told. */
      from: instant.optional(),
      days: z.coerce.number().int().min(1).max(92).default(28),
    },
    body: none,
    result: z.object({ from: z.string(), to: z.string(), items: z.array(Shift) }),
  },
  'schedules.gaps': {
    params: id,
    query: { days: z.coerce.number().int().min(1).max(366).default(60) },
    body: none,
    result: z.object({
      from: z.string(),
      to: z.string(),
      /** Times in which nobody is on call. */
      items: z.array(z.object({ from: z.string(), to: z.string() })),
    }),
  },
  'schedules.calendar': {
    params: id,
    query: {
      /** Only this person's shifts. */
      user: z.string().max(128).optional(),
      days: z.coerce.number().int().min(1).max(366).default(92),
    },
    body: none,
    media_type: 'text/calendar',
    result: z.string(),
  },
} as const;
