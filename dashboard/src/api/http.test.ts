import { describe, expect, it } from 'vitest';

import { requestOf } from './http.ts';

describe('a request', () => {
  it('has its fields in path, query or body as the route table says', () => {
    expect(
      requestOf('alerts.list', { state: ['OPEN', 'ACK'], limit: 5, cursor: undefined }),
    ).toEqual({ method: 'GET', path: '/v1/alerts?state=OPEN&state=ACK&limit=5' });
    expect(requestOf('alerts.ack', { alert_id: 'a/b', if_version: 2 })).toEqual({
      method: 'POST',
      path: '/v1/alerts/a%2Fb/ack',
      body: '{"if_version":2}',
    });
  });
});
