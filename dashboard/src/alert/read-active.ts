import type { AlertLine } from '#shared/live/schema.ts';

import type { Call } from '#dashboard/api/http.ts';

import type { AlertStore } from './store.ts';

const PAGES_MAX = 20;

/** Reads all active alerts page by page, up to 2,000, and puts them in the place of those held. */
export async function readActive(call: Call, store: AlertStore): Promise<void> {
  const items: AlertLine[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await call('alerts.list', {
      state: ['OPEN', 'ACK'],
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    });
    items.push(...answer.items);
    ({ cursor } = answer);
    if (cursor === undefined) break;
  }
  store.replaceActive(items);
}
