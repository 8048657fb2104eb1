import { describe, expect, it, vi } from 'vitest';

import { buildLine } from './build-line.testing.ts';
import { AlertStore } from './store.ts';

function filled(...ids: string[]): AlertStore {
  const store = new AlertStore();
  store.snapshot(
    ids.map((alert_id) => buildLine({ alert_id })),
    false,
  );
  return store;
}

describe('the alert store', () => {
  it('keeps the higher revision, in whatever order they come', () => {
    const store = filled('a');
    store.merge([buildLine({ alert_id: 'a', revision: 3, count: 30 })]);
    store.merge([buildLine({ alert_id: 'a', revision: 2, count: 20 })]);
    expect(store.get('a')?.count).toBe(30);
  });

  it('forgets an alert that is gone and does not take an older line of it back', () => {
    const store = filled('a');
    store.merge([{ alert_id: 'a', revision: 5, gone: true }]);
    store.merge([buildLine({ alert_id: 'a', revision: 4 })]);
    expect(store.get('a')).toBeUndefined();
    store.merge([buildLine({ alert_id: 'a', revision: 6 })]);
    expect(store.get('a')?.revision).toBe(6);
  });

  it('wakes the listeners of the changed row and of no other', () => {
    const store = filled('a', 'b');
    const [onA, onB] = [vi.fn(), vi.fn()];
    store.subscribeRow('a', onA);
    store.subscribeRow('b', onB);
    const b = store.get('b');
    store.merge([buildLine({ alert_id: 'a', revision: 2 })]);
    expect(onA).toHaveBeenCalledTimes(1);
    expect(onB).not.toHaveBeenCalled();
    expect(store.get('b')).toBe(b);
  });

  it('stays silent when nothing is news', () => {
    const store = filled('a');
    const onAny = vi.fn();
    store.subscribe(onAny);
    store.merge([buildLine({ alert_id: 'a' })]);
    expect(onAny).not.toHaveBeenCalled();
  });

  it('counts from the rows it shows, optimistic ones included', () => {
    const store = filled('a', 'b');
    store.merge([buildLine({ alert_id: 'c', state: 'RESOLVED' })]);
    expect(store.counts()).toMatchObject({ open: 2, acknowledged: 0 });
    const undo = store.patch('a', { state: 'ACK' });
    expect(store.counts()).toMatchObject({ open: 1, acknowledged: 1, severity: { ERROR: 2 } });
    undo();
    expect(store.counts().open).toBe(2);
  });

  it('keeps a row of a higher revision through a snapshot that lags behind', () => {
    const store = filled('a', 'b');
    store.merge([buildLine({ alert_id: 'a', revision: 7, state: 'ACK' })]);
    store.snapshot([buildLine({ alert_id: 'a', revision: 6 })], false);
    expect(store.get('a')?.state).toBe('ACK');
    expect(store.get('b')).toBeUndefined();
  });

  it('tells of alerts that open or open again, not of counts and not of the first snapshot', () => {
    const store = new AlertStore();
    const opened: string[] = [];
    store.onOpened((alerts) => opened.push(...alerts.map(({ alert_id }) => alert_id)));
    store.snapshot([buildLine({ alert_id: 'a' })], false);
    store.merge([buildLine({ alert_id: 'a', revision: 2, count: 2 })]);
    store.merge([buildLine({ alert_id: 'b' })]);
    store.merge([buildLine({ alert_id: 'a', revision: 3, state: 'RESOLVED' })]);
    store.merge([buildLine({ alert_id: 'a', revision: 4 })]);
    expect(opened).toEqual(['b', 'a']);
  });

  it('drops active alerts that a poll no longer lists', () => {
    const store = filled('a', 'b');
    store.replaceActive([buildLine({ alert_id: 'b' })]);
    expect(store.all().map(({ alert_id }) => alert_id)).toEqual(['b']);
  });
});
