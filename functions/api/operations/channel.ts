import { listChannels } from '#shared/notification/list-channels.ts';
import { openHook, sealHook } from '#shared/notification/inbound/hook-address.ts';
import { readPagerDutyEvent } from '#shared/notification/inbound/pagerduty-event.ts';
import { takePagerDuty } from '#shared/notification/inbound/take-pagerduty.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Handlers } from '#functions/api/operation.ts';
import { hearOnce } from '#functions/api/hear-once.ts';

/** Channels, their deliveries, and what their receivers call. */
export const channelOperations: Handlers<'channels.list' | 'webhooks.pagerduty'> = {
  async 'channels.list'(_input, { context, ports }) {
    const { tenant } = context;
    const key = await ports.signingKey();
    const channels = await listChannels(ports.channels, tenant);
    const items = channels.map(({ secret: _secret, url: _url, ...shown }) => {
      const { channel, channel_id } = shown;
      const hook = channel === 'pagerduty' ? sealHook(key, { tenant, channel_id }) : undefined;
      return {
        ...shown,
        ...(hook !== undefined && { webhook_path: `/v1/webhooks/pagerduty/${hook}` }),
      };
    });
    return { items };
  },
  async 'webhooks.pagerduty'({ hook: sealed }, { context, ports, body }) {
    const hook = openHook(await ports.signingKey(), sealed);
    if (hook?.tenant !== context.tenant)
      throw new SentryError('unauthenticated', 'This address is not known here.');
    const event = readPagerDutyEvent(body);
    const person = { ...context, actor: event.actor };
    return await hearOnce(ports.heard, context, `${hook.channel_id}|${event.event_id}`, () =>
      takePagerDuty(person, ports, hook.channel_id, event),
    );
  },
};
