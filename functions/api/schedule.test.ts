import { describe, expect, it } from 'vitest';

import { buildSchedule } from '#shared/testing/build-schedule.ts';

import { createApiRig } from './api-rig.testing.ts';

const PATH = '/v1/schedules';
const groups = ['rule-author'];
const { version: _v, author: _a, updated_at: _u, ...DRAFT } = buildSchedule();

async function rigWithSchedule() {
  const rig = createApiRig();
  rig.clock.now = Date.parse('2026-03-27T12:00:00.000Z');
  const created = await rig.request('POST', PATH, { groups, body: JSON.stringify(DRAFT) });
  expect(created.status).toBe(201);
  return rig;
}

describe('on-call schedules over HTTP', () => {
  it('are saved as versions, with a journal of what changed, and can be taken back after removal', async () => {
    const rig = await rigWithSchedule();
    const body = JSON.stringify({ ...DRAFT, name: 'Nights', if_version: 1, reason: 'new team' });
    const replaced = await rig.request('PUT', `${PATH}/payments`, { groups, body });
    expect([replaced.status, replaced.json.version]).toEqual([200, 2]);
    const stale = await rig.request('PUT', `${PATH}/payments`, { groups, body });
    expect([stale.status, stale.json.current.version]).toEqual([412, 2]);
    const twice = await rig.request('POST', PATH, { groups, body: JSON.stringify(DRAFT) });
    expect(twice.status).toBe(409);
    await rig.request('DELETE', `${PATH}/payments`, { groups });
    expect((await rig.request('GET', `${PATH}/payments`, { groups })).status).toBe(404);
    expect((await rig.request('GET', PATH, { groups })).json.items).toEqual([]);
    await rig.request('POST', PATH, { groups, body: JSON.stringify(DRAFT) });
    const { json } = await rig.request('GET', `${PATH}/payments/versions`, { groups });
    expect(json.items.map((one: { version: number }) => one.version)).toEqual([4, 3, 2, 1]);
    const { items } = await rig.api.journal.listEntries(
      'default',
      { kind: 'schedule', id: 'payments' },
      { limit: 10 },
    );
    expect(items.map(({ action, reason }) => [action, reason])).toEqual(
      expect.arrayContaining([
        ['schedule.create', undefined],
        ['schedule.update', 'new team'],
        ['schedule.remove', undefined],
        ['schedule.restore', undefined],
      ]),
    );
  });

  it('say who is on call now and then, how to reach them, and until when', async () => {
    const rig = await rigWithSchedule();
    const now = await rig.request('GET', `${PATH}/payments/on-call`, { groups });
    expect(now.json).toEqual({
      at: '2026-03-27T12:00:00.000Z',
      shift: {
        user: 'bo',
        layer: 'primary',
        from: '2026-03-23T09:00:00.000Z',
        to: '2026-03-30T09:00:00.000Z',
      },
      targets: [{ channel: 'slack', destination: 'slack-bo' }],
    });
    const before = `${PATH}/payments/on-call?at=2026-01-05T08:59:59Z`;
    expect((await rig.request('GET', before, { groups })).json).toMatchObject({
      shift: null,
      targets: [],
    });
  });

  it('show what is coming, what nobody covers, and give a calendar', async () => {
    const rig = await rigWithSchedule();
    const ends = JSON.stringify({
      ...DRAFT,
      layers: [{ ...DRAFT.layers[0], ends_on: '2026-04-06' }],
    });
    await rig.request('PUT', `${PATH}/payments`, { groups, body: ends });
    const shifts = await rig.request('GET', `${PATH}/payments/shifts?days=14`, { groups });
    expect(shifts.json.items.map(({ user }: { user: string }) => user)).toEqual(['bo', 'ada']);
    const gaps = await rig.request('GET', `${PATH}/payments/gaps`, { groups });
    expect(gaps.json.items).toEqual([
      { from: '2026-04-06T09:00:00.000Z', to: '2026-05-26T12:00:00.000Z' },
    ]);
    const calendar = await rig.request('GET', `${PATH}/payments/calendar.ics?user=ada`, { groups });
    expect(calendar.headers['content-type']).toBe('text/calendar; charset=utf-8');
    expect(calendar.json).toContain('BEGIN:VCALENDAR');
    expect(calendar.json.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    expect(calendar.json).toContain('SUMMARY:ada on call: Payments on call');
    expect(calendar.json).toContain('DTSTART:20260330T090000Z');
  });

  it.each([
    ['an unknown time zone', { time_zone: 'Mars/Olympus' }, 'time_zone'],
    [
      'somebody who is no member',
      { layers: [{ ...DRAFT.layers[0], users: ['eve'] }] },
      'layers.0.users',
    ],
    [
      'a layer that ends before it begins',
      { layers: [{ ...DRAFT.layers[0], ends_on: '2026-01-01' }] },
      'layers.0.ends_on',
    ],
    ['no layer at all', { layers: [] }, 'layers'],
    [
      'a time of day that is none',
      { layers: [{ ...DRAFT.layers[0], hand_over_at: '24:00' }] },
      'layers.0.hand_over_at',
    ],
    [
      'an override that ends as it begins',
      {
        overrides: [
          {
            override_id: 'o',
            user: 'ada',
            from: '2026-01-01T00:00:00Z',
            to: '2026-01-01T00:00:00Z',
          },
        ],
      },
      'overrides.0.to',
    ],
  ])('refuse %s, naming the place', async (_, fields, path) => {
    const rig = createApiRig();
    const body = JSON.stringify({ ...DRAFT, ...fields });
    const { status, json } = await rig.request('POST', PATH, { groups, body });
    expect(status).toBe(400);
    expect(json.issues.map((issue: { path: string }) => issue.path)).toContain(path);
  });
});
