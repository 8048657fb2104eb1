import { describe, expect, it } from 'vitest';

import { DEFAULT_POLICIES } from '#shared/escalation/default-policy.ts';
import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import type { ChannelStore } from '#shared/ports/channel-store.ts';
import type { PolicyStore } from '#shared/ports/policy-store.ts';

/** What every ChannelStore and PolicyStore must do; `open` makes empty ones. */
export function configStoreContract(
  name: string,
  open: () => Promise<{ channels: ChannelStore; policies: PolicyStore }>,
): void {
  const [mail, slack] = DEFAULT_CHANNELS;
  const [page, warn] = DEFAULT_POLICIES;

  describe(`channels in ${name}`, () => {
    it('are found as they were put, by tenant, in the order of their ids', async () => {
      const { channels } = await open();
      await channels.put('t1', slack!, 0);
      await channels.put('t1', mail!, 0);
      await channels.put('t2', mail!, 0);
      expect(await channels.get('t1', 'slack-ops')).toEqual({ channel: slack, revision: 1 });
      expect((await channels.list('t1')).map(({ channel }) => channel.channel_id)).toEqual([
        'email-ops',
        'slack-ops',
      ]);
      expect(await channels.get('t2', 'slack-ops')).toBeUndefined();
      expect(await channels.list('t3')).toEqual([]);
    });

    it('are never overwritten by somebody who read an older revision', async () => {
      const { channels } = await open();
      await channels.put('t1', mail!, 0);
      await channels.put('t1', { ...mail!, name: 'second' }, 1);
      for (const stale of [0, 1, 5])
        await expect(channels.put('t1', mail!, stale)).rejects.toMatchObject({ code: 'conflict' });
      expect(await channels.get('t1', 'email-ops')).toMatchObject({
        channel: { name: 'second' },
        revision: 2,
      });
    });
  });

  describe(`policies in ${name}`, () => {
    it('are listed in ascending order, by tenant', async () => {
      const { policies } = await open();
      await policies.put('t1', warn!, 0);
      await policies.put('t1', page!, 0);
      expect(await policies.list('t1')).toEqual([page, warn]);
      expect(await policies.get('t1', 'default-warn')).toEqual(warn);
      expect(await policies.list('t2')).toEqual([]);
    });

    it('count their versions and refuse an older one', async () => {
      const { policies } = await open();
      await policies.put('t1', page!, 0);
      await policies.put('t1', { ...page!, enabled: false }, 1);
      await expect(policies.put('t1', page!, 1)).rejects.toMatchObject({ code: 'conflict' });
      expect(await policies.get('t1', 'default-page')).toMatchObject({
        version: 2,
        enabled: false,
      });
    });

    it('may match on any key', async () => {
      const { policies } = await open();
      const match = JSON.parse('{"labels":{"constructor":["x"],"__proto__":["y"]}}') as object;
      await policies.put('t1', { ...page!, match: { ...match } }, 0);
      const found = await policies.get('t1', 'default-page');
      expect(JSON.stringify(found?.match)).toContain('"constructor":["x"]');
    });
  });
}
