import { expect, it } from 'vitest';

import { Matchers } from '#shared/silence/schema.ts';

import { silenceLink } from './silence-link.ts';

it('a silence for alerts like one asks for its rule and its group, in the words of a silence', () => {
  const group = { service: 'shop', host: 'db "1"&=', mount: '/data' };
  const link = silenceLink({ rule_id: 'disk-full', group });
  const url = new URL(link, 'http://sentry.test');
  expect(url.pathname).toBe('/silences');
  expect(Matchers.parse(JSON.parse(url.searchParams.get('match')!))).toEqual([
    { field: 'rule_id', op: '=', value: 'disk-full' },
    { field: 'service', op: '=', value: 'shop' },
    { field: 'group.host', op: '=', value: 'db "1"&=' },
    { field: 'group.mount', op: '=', value: '/data' },
  ]);
});
