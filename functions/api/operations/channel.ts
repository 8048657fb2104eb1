import { askTest } from '#shared/notification/ask-test.ts';
import { healthOf } from '#shared/notification/health.ts';
import { listChannels } from '#shared/notification/list-channels.ts';
import { openHook, sealHook } from '#shared/notification/inbound/hook-address.ts';
import { readPagerDutyEvent } from '#shared/notification/inbound/pagerduty-event.ts';
import { takePagerDuty } from '#shared/notification/inbound/take-pagerduty.ts';
import { redrive, redriveChannel } from '#shared/notification/redrive.ts';
import type { Operation } from '#shared/api/route-access.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { Handlers } from '#functions/api/operation.ts';
import { hearOnce } from '#functions/api/hear-once.ts';
import { readPage } from '#functions/api/page.ts';

type ChannelOperation = Extract<
  Operation,
  `channels.${string}` | `deliveries.${string}` | `webhooks.${string}`
>;
/** As many hours as are looked at for the last words of a channel. */
const HOURS_MAX = 48;

/** Channels, their deliveries, and what their receivers call. */
export const channelOperations: Handlers<ChannelOperation> = {
  async 'channels.list'(_input, { context, ports }) {
    const { tenant } = context;
    const key = await ports.signingKey();
    const channels = await listChannels(ports.channels, tenant);
    const items = await Promise.all(
      channels.map(async ({ secret: _secret, url: _url, ...shown }) => {
        const { channel, channel_id } = shown;
        const hours = await ports.states.hours(tenant, channel_id, HOURS_MAX);
        const hook = channel === 'pagerduty' ? sealHook(key, { tenant, channel_id }) : undefined;
        return {
          ...shown,
          ...(hook !== undefined && { webhook_path: `/v1/webhooks/pagerduty/${hook}` }),
          health: healthOf(hours, context.now()),
        };
      }),
    );
    return { items };
  },
  'channels.test': ({ channel_id }, { context, ports }) => askTest(context, ports, channel_id),
  'channels.redrive': ({ channel_id }, { context, ports }) =>
    redriveChannel(ports, context, channel_id),
  'deliveries.list': (input, call) =>
    readPage('deliveries.list', input, call, (wanted) => {
      const { channel_id: destination } = input;
      const filter = destination === undefined ? {} : { destination };
      return call.ports.dead.listDead(call.context.tenant, filter, wanted);
    }),
  'deliveries.redrive': ({ delivery_key }, { context, ports }) =>
    redrive(ports, context, delivery_key),
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
