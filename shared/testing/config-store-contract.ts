import { describe, expect, it } from 'vitest';

import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import type { ChannelStore } from '#shared/ports/channel-store.ts';

/** What every ChannelStore must do; `open` makes an empty one. */
export function configStoreContract(
  name: string,
  open: () => Promise<{ channels: ChannelStore }>,
): void {
  const [mail, slack] = DEFAULT_CHANNELS;

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
}
