import { describe, expect, it } from 'vitest';

import { buildLine } from '#dashboard/alert/build-line.testing.ts';

import { countMatrix } from './count-matrix.ts';
import { listPath } from './list-path.ts';

describe('the summary of alerts', () => {
  it('counts active alerts by service and severity, the gravest service first', () => {
    const rows = countMatrix([
      buildLine({ alert_id: 'a', service: 'web', severity: 'ERROR', state: 'OPEN' }),
      buildLine({ alert_id: 'b', service: 'web', severity: 'ERROR', state: 'ACK' }),
      buildLine({ alert_id: 'c', service: 'batch', severity: 'CRITICAL', state: 'OPEN' }),
      buildLine({ alert_id: 'd', service: 'old', severity: 'CRITICAL', state: 'RESOLVED' }),
    ]);
    expect(rows).toEqual([
      { service: 'batch', total: 1, counts: { INFO: 0, WARN: 0, ERROR: 0, CRITICAL: 1 } },
      { service: 'web', total: 2, counts: { INFO: 0, WARN: 0, ERROR: 2, CRITICAL: 0 } },
    ]);
  });

  it('leads to what it counted, whatever a service is called', () => {
    const path = listPath({ service: 'a&b=c', severity: 'ERROR' });
    expect(Object.fromEntries(new URL(path, 'http://x').searchParams)).toEqual({
      severity: 'ERROR',
      service: 'a&b=c',
    });
  });
});
