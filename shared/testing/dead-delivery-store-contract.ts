import { expect, it } from 'vitest';

import type { DeadDeliveryStore } from '#shared/ports/dead-delivery-store.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { buildDelivery } from './build-alert.ts';

/** What every list of dead deliveries keeps to; `make` gives one over an empty store. */
export function deadDeliveryStoreContract(
  make: () => Promise<{ dead: DeadDeliveryStore; work: WorkStore }>,
): void {
  const row = (n: number, destination = 'slack-ops', tenant = 't1') =>
    buildDelivery({
      tenant,
      alert_id: `alert-${n}`,
      delivery_key: `alert-${n}|1|${destination}`,
      destination,
      status: 'DEAD',
      next_attempt_at: undefined,
      updated_at: `2026-03-01T12:00:0${n}.000Z`,
    });

  it('lists what is dead and nothing else, newest first, page after page', async () => {
    const { dead, work } = await make();
    const alive = buildDelivery({ alert_id: 'alert-9', delivery_key: 'alert-9|1|x' });
    const rows = [row(1), row(2, 'email-ops'), row(3), row(4), row(5, 'slack-ops', 't2'), alive];
    const changes = rows.map((one) => ({ kind: 'delivery', row: one, expected: 0 }) as const);
    await work.commit({ changes, journal: [], outbox: [] });
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await dead.listDead('t1', {}, { limit: 2, ...(cursor && { cursor }) });
      pages.push(page.items.map(({ alert_id }) => alert_id));
      cursor = page.cursor;
    } while (cursor);
    expect(pages).toEqual([
      ['alert-4', 'alert-3'],
      ['alert-2', 'alert-1'],
    ]);
    const { items } = await dead.listDead('t1', { destination: 'email-ops' }, { limit: 1 });
    expect(items).toEqual([row(2, 'email-ops')]);
  });

  it('forgets a row once it is taken up again', async () => {
    const { dead, work } = await make();
    await work.commit({
      changes: [{ kind: 'delivery', row: row(1), expected: 0 }],
      journal: [],
      outbox: [],
    });
    const again = { ...row(1), status: 'QUEUED', revision: 2 } as const;
    await work.commit({
      changes: [{ kind: 'delivery', row: again, expected: 1 }],
      journal: [],
      outbox: [],
    });
    expect(await dead.listDead('t1', {}, { limit: 10 })).toEqual({ items: [] });
  });
}
