import { describe, expect, it } from 'vitest';

import { buildLine } from './build-line.testing.ts';
import { readFilter, selectIds, writeFilter } from './filter.ts';

describe('the filter of the list', () => {
  it.each([
    '',
    'state=OPEN',
    'state=RESOLVED&severity=ERROR,CRITICAL',
    'service=a&service=b%2Cc&q=%E2%80%AE%26x&sort=-severity',
    'owner=me&group=rule&sort=title',
  ])('comes back from the URL as it went in: "%s"', (query) => {
    const filter = readFilter(`?${query}`);
    expect(readFilter(`?${writeFilter(filter)}`)).toEqual(filter);
    expect(new URLSearchParams(writeFilter(filter))).toEqual(new URLSearchParams(query));
  });

  it('shows open and acknowledged alerts unless told', () => {
    expect(readFilter('').states).toEqual(['OPEN', 'ACK']);
  });

  it('leaves out words it does not know', () => {
    expect(readFilter('?severity=HUGE,WARN&sort=colour')).toMatchObject({
      severities: ['WARN'],
      sort: { key: 'age', isDescending: false },
    });
  });

  it('selects by state, severity, service and text, newest first', () => {
    const alerts = [
      buildLine({ alert_id: 'old', created_at: '2026-01-01T00:00:00.000Z' }),
      buildLine({ alert_id: 'new', created_at: '2026-01-02T00:00:00.000Z' }),
      buildLine({ alert_id: 'over', state: 'RESOLVED' }),
      buildLine({ alert_id: 'other', service: 'web', assigned_to: 'user:rosa' }),
    ];
    expect(selectIds(alerts, readFilter('?service=shop'), 'user:rosa')).toEqual(['new', 'old']);
    expect(selectIds(alerts, readFilter('?q=ROSA'), 'user:rosa')).toEqual(['other']);
    expect(selectIds(alerts, readFilter('?state=RESOLVED'), 'user:rosa')).toEqual(['over']);
  });

  it('puts the gravest first when sorted by severity', () => {
    const alerts = [
      buildLine({ alert_id: 'warn', severity: 'WARN' }),
      buildLine({ alert_id: 'critical', severity: 'CRITICAL' }),
    ];
    expect(selectIds(alerts, readFilter('?sort=-severity'), 'user:rosa')).toEqual([
      'critical',
      'warn',
    ]);
  });

  it('tells apart what I have, and what nobody has', () => {
    const alerts = [
      buildLine({ alert_id: 'mine', assigned_to: 'user:rosa' }),
      buildLine({ alert_id: 'taken', state: 'ACK', acknowledged_by: 'user:ada' }),
      buildLine({ alert_id: 'free' }),
    ];
    expect(selectIds(alerts, readFilter('?owner=me'), 'user:rosa')).toEqual(['mine']);
    expect(selectIds(alerts, readFilter('?owner=nobody'), 'user:rosa')).toEqual(['free']);
  });

  it('puts groups together, each in the order asked for', () => {
    const alerts = [
      buildLine({ alert_id: 'web-info', service: 'web', severity: 'INFO' }),
      buildLine({ alert_id: 'shop-error', service: 'shop', severity: 'ERROR' }),
      buildLine({ alert_id: 'web-error', service: 'web', severity: 'ERROR' }),
    ];
    const filter = readFilter('?group=service&sort=-severity');
    expect(selectIds(alerts, filter, 'user:rosa')).toEqual(['shop-error', 'web-error', 'web-info']);
  });
});
