import { describe, expect, it, vi } from 'vitest';

import type { Call } from '#dashboard/api/http.ts';
import { ApiError } from '#dashboard/api/problem.ts';

import { createAlertActions } from './act.ts';
import { buildLine } from './build-line.testing.ts';
import { readFilter } from './filter.ts';
import { AlertStore } from './store.ts';

const NOW = Date.parse('2026-01-01T00:01:00.000Z');

function prepare(answer: (operation: string, params: Record<string, unknown>) => unknown) {
  const store = new AlertStore();
  store.snapshot([buildLine()], false);
  const said: string[] = [];
  const undos: (() => void)[] = [];
  const call = vi.fn(async (operation: string, params: Record<string, unknown>) =>
    answer(operation, params),
  );
  const actions = createAlertActions({
    call: call as unknown as Call,
    store,
    actor: 'user:rosa',
    now: () => NOW,
    say: (_kind, text, undo) => {
      said.push(text);
      if (undo) undos.push(undo);
      return () => said.splice(said.indexOf(text), 1);
    },
    requestId: () => 'request-1',
  });
  return { store, said, undos, call, actions };
}

const winner = (overrides: object) => ({ ...buildLine(overrides), evidence: {}, explain: {} });

describe('acknowledging', () => {
  it('shows before the server has answered, and keeps what it answers', async () => {
    const { store, actions } = prepare(() =>
      winner({ state: 'ACK', acknowledged_by: 'user:rosa', revision: 2, version: 2 }),
    );
    const done = actions.run('ack', 'alert-1');
    expect(store.get('alert-1')).toMatchObject({ state: 'ACK', acknowledged_by: 'user:rosa' });
    expect(await done).toBe(true);
    expect(store.get('alert-1')).toMatchObject({ state: 'ACK', revision: 2 });
  });

  it('is taken back with the reason when refused', async () => {
    const { store, said, actions } = prepare(() => {
      throw new ApiError('forbidden', 'This needs the scope sentry.alert.write.');
    });
    expect(await actions.run('ack', 'alert-1')).toBe(false);
    expect(store.get('alert-1')?.state).toBe('OPEN');
    expect(said).toEqual(['Not acknowledged: This needs the scope sentry.alert.write.']);
  });

  it('names who was faster, and when, on a conflict', async () => {
    const current = winner({
      state: 'ACK',
      acknowledged_by: 'user:ada',
      updated_at: '2026-01-01T00:00:48.000Z',
      revision: 2,
      version: 2,
    });
    const { store, said, actions } = prepare(() => {
      throw new ApiError('conflict', 'The alert is ACK already.', current);
    });
    await actions.run('ack', 'alert-1');
    expect(said).toEqual(['Not acknowledged: user:ada acknowledged it 12 s ago.']);
    expect(store.get('alert-1')?.acknowledged_by).toBe('user:ada');
  });

  it('goes again when only something else about the alert had changed', async () => {
    const { call, said, actions } = prepare((_operation, params) => {
      if ('if_version' in params)
        throw new ApiError('conflict', 'Version 2.', winner({ severity: 'CRITICAL', version: 2 }));
      return winner({ state: 'ACK', revision: 3 });
    });
    expect(await actions.run('ack', 'alert-1')).toBe(true);
    expect(call).toHaveBeenCalledTimes(2);
    expect(said).toEqual(['Acknowledged: Disk /data is full']);
  });

  it('can be undone at once, even before the server has answered', async () => {
    const { call, undos, store, actions } = prepare((operation) =>
      operation === 'alerts.ack'
        ? winner({ state: 'ACK', revision: 2, version: 2 })
        : winner({ state: 'OPEN', revision: 3, version: 3 }),
    );
    const done = actions.run('ack', 'alert-1');
    expect(undos).toHaveLength(1);
    undos[0]!();
    await done;
    await vi.waitFor(() => expect(store.get('alert-1')?.revision).toBe(3));
    expect(store.get('alert-1')?.state).toBe('OPEN');
    expect(call.mock.calls.map(([operation, params]) => [operation, params['if_version']])).toEqual(
      [
        ['alerts.ack', 1],
        ['alerts.unack', 2],
      ],
    );
  });

  it('offers one undo for many', async () => {
    const { said, undos, actions } = prepare(() => winner({ state: 'ACK', revision: 2 }));
    await actions.runAll('ack', ['alert-1', 'alert-2']);
    expect(said).toEqual(['2 alerts acknowledged.']);
    expect(undos).toHaveLength(1);
  });

  it('of all repeats until nothing remains, and says how many', async () => {
    const answers = [
      { acknowledged: 200, skipped: 1, failed: 0, remaining: 5 },
      { acknowledged: 5, skipped: 0, failed: 0, remaining: 0 },
    ];
    const { call, said, actions } = prepare(() => answers.shift());
    await actions.acknowledgeAll(readFilter('?severity=CRITICAL&q=disk'));
    expect(call).toHaveBeenNthCalledWith(2, 'alerts.ackAll', { severity: ['CRITICAL'], q: 'disk' });
    expect(said).toEqual(['205 alerts acknowledged. Somebody else was faster at 1.']);
  });
});

describe('escalating', () => {
  it('raises the incident of the alert, and makes one where there is none', async () => {
    const { call, store, said, actions } = prepare((operation) => ({
      escalation_level: operation === 'incidents.open' ? 1 : 2,
    }));
    await actions.escalate('alert-1');
    store.merge([buildLine({ incident_id: 'incident-1', revision: 2 })]);
    await actions.escalate('alert-1');
    expect(call.mock.calls).toEqual([
      ['incidents.open', { alert_ids: ['alert-1'] }],
      ['incidents.escalate', { incident_id: 'incident-1', request_id: 'request-1' }],
    ]);
    expect(said).toEqual(['An incident is open, at level 1.', 'The incident is at level 2 now.']);
  });
});
