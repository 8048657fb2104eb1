import { expect, it } from 'vitest';

import { readFilter, writeFilter } from './filter.ts';
import { dropView, keepView, readViews, SHIPPED_VIEWS } from './views.ts';

function storage() {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
}

it.each(SHIPPED_VIEWS)(
  'the view "$name" is an address the list itself would write',
  ({ query }) => {
    expect(writeFilter(readFilter(query))).toBe(query);
  },
);

it('views are kept per person, replaced by name, and dropped', () => {
  const kept = storage();
  keepView(kept, 'user:rosa', { name: ' Disks ', query: 'q=disk' });
  keepView(kept, 'user:rosa', { name: 'Shop', query: 'service=shop' });
  keepView(kept, 'user:rosa', { name: 'Disks', query: 'q=disk&state=OPEN' });
  expect(readViews(kept, 'user:ada')).toEqual([]);
  expect(readViews(kept, 'user:rosa')).toEqual([
    { name: 'Shop', query: 'service=shop' },
    { name: 'Disks', query: 'q=disk&state=OPEN' },
  ]);
  expect(dropView(kept, 'user:rosa', 'Shop').map(({ name }) => name)).toEqual(['Disks']);
});

it('what somebody else wrote into the storage is no view', () => {
  const kept = storage();
  for (const text of ['{', '{}', '[1, null, {"name": ""}, {"name": "a"}]']) {
    kept.setItem('sentry.views.user:rosa', text);
    expect(readViews(kept, 'user:rosa')).toEqual([]);
  }
});
