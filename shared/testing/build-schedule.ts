import type { Schedule } from '#shared/schedule/schema.ts';

import { BUILT_AT } from './build-alert.ts';

/** A valid schedule of one weekly layer; fields given replace the built ones. */
export function buildSchedule(fields: Partial<Schedule> = {}): Schedule {
  return {
    schedule_id: 'payments',
    name: 'Payments on call',
    description: '',
    time_zone: 'UTC',
    members: ['ada', 'bo', 'cy'].map((user) => ({
      user,
      targets: [{ channel: 'slack', destination: `slack-${user}` }],
    })),
    layers: [
      {
        name: 'primary',
        users: ['ada', 'bo'],
        starts_on: '2026-01-05',
        hand_over_at: '09:00',
        rotation: { unit: 'weeks', length: 1 },
      },
    ],
    overrides: [],
    version: 1,
    author: 'user:ada',
    updated_at: BUILT_AT,
    ...fields,
  };
}
