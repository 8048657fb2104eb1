import { hearOnce } from '#functions/api/hear-once.ts';
import type { Call, Handlers } from '#functions/api/operation.ts';
import { readPage } from '#functions/api/page.ts';

import type { Operation } from '#shared/api/route-access.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { askTest } from '#shared/notification/ask-test.ts';
import { CHANNEL_KIND } from '#shared/notification/channel-kind.ts';
import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import { healthOf } from '#shared/notification/health.ts';
import { type Hook, openHook, sealHook } from '#shared/notification/inbound/hook-address.ts';
import { readPagerDutyEvent } from '#shared/notification/inbound/pagerduty-event.ts';
import { readSlackPress } from '#shared/notification/inbound/slack-press.ts';
import { takePagerDuty } from '#shared/notification/inbound/take-pagerduty.ts';
import { takeSlack } from '#shared/notification/inbound/take-slack.ts';
import { listChannels } from '#shared/notification/list-channels.ts';
import { redrive, redriveChannel } from '#shared/notification/redrive.ts';
import { removeChannel } from '#shared/notification/remove-channel.ts';

import { documentHandlers } from './document.ts';

type ChannelOperation = Extract<
  Operation,
  `channels.${string}` | `deliveries.${string}` | `webhooks.${string}`
>;
/** As many hours as are looked at for the last words of a channel. */
const HOURS_MAX = 48;

/** Channels, their deliveries, and what their receivers call. */
export const channelOperations: Handlers<ChannelOperation> = {
  ...documentHandlers('channels', 'channel_id', CHANNEL_KIND, ({ channels }) => channels),
  async 'channels.list'(_input, { context, ports }) {
    const { tenant } = context;
    const key = await ports.signingKey();
    const channels = await listChannels(ports.channels, tenant);
    const items = await Promise.all(
      channels.map(async ({ secret, ...shown }) => {
        const { channel, channel_id, interactive } = shown;
        const hours = await ports.states.hours(tenant, channel_id, HOURS_MAX);
        const hears = channel === 'pagerduty' || (channel === 'slack' && interactive === true);
        const hook = hears ? sealHook(key, { tenant, channel_id }) : undefined;
        return {
          ...shown,
          shipped: DEFAULT_CHANNELS.some((one) => one.channel_id === channel_id),
          ...(secret !== undefined && { secret_parameter: secret }),
          ...(hook !== undefined && {
            webhook_path: `/v1/webhooks/${channel}/${hook}`,
            hook_parameter: ports.hookParameter({ tenant, channel_id }),
          }),
          health: healthOf(hours, context.now()),
        };
      }),
    );
    return { items };
  },
  'channels.delete': (input, { context, ports }) =>
    removeChannel(ports, context, input.channel_id, input),
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
  async 'webhooks.pagerduty'({ hook: sealed }, call) {
    const { context, ports, body } = call;
    const hook = await hookOf(sealed, call);
    const event = readPagerDutyEvent(body);
    const person = { ...context, actor: event.actor };
    return await hearOnce(ports.heard, context, `${hook.channel_id}|${event.event_id}`, () =>
      takePagerDuty(person, ports, hook.channel_id, event),
    );
  },
  async 'webhooks.slack'({ hook: sealed }, call) {
    const { context, ports, body } = call;
    const hook = await hookOf(sealed, call);
    const press = readSlackPress(body);
    const person = { ...context, actor: press.actor };
    return await hearOnce(ports.heard, context, `${hook.channel_id}|${press.press_id}`, () =>
      takeSlack(person, ports, hook.channel_id, press),
    );
  },
};

async function hookOf(sealed: string, { context, ports }: Call): Promise<Hook> {
  const hook = openHook(await ports.signingKey(), sealed);
  if (hook?.tenant !== context.tenant)
    throw new SentryError('unauthenticated', 'This address is not known here.');
  return hook;
}
