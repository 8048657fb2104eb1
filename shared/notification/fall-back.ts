import type { OwnChannel } from '#shared/notification/schema.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { Alert } from '#shared/alert/schema.ts';
import { deliveryKey } from '#shared/kernel/id.ts';
import type { ChannelConfig, Delivery } from '#shared/notification/schema.ts';
import type { WorkStore } from '#shared/ports/work-store.ts';

import { findChannel } from './find-channel.ts';

/**
 * The delivery that takes the place of a dead one: the alert, still OPEN, to the channel's secondary.
 * Undefined when there is none, or when the secondary has been told in this step already.
 */
export async function fallBack(
  ports: { work: Pick<WorkStore, 'getDelivery'>; channels: Pick<DocumentStore<OwnChannel>, 'get'> },
  dead: Delivery,
  alert: Alert | undefined,
  channel: ChannelConfig | undefined,
  now: number,
): Promise<Delivery | undefined> {
  if (dead.desired !== 'trigger' || alert?.state !== 'OPEN') return undefined;
  if (channel?.secondary === undefined) return undefined;
  const secondary = await findChannel(ports.channels, dead.tenant, channel.secondary);
  if (!secondary?.enabled) return undefined;
  const { tenant, alert_id, step } = dead;
  const destination = secondary.channel_id;
  if (await ports.work.getDelivery(tenant, alert_id, step, destination)) return undefined;
  const at = new Date(now).toISOString();
  return {
    delivery_key: deliveryKey(alert_id, step, destination),
    tenant,
    alert_id,
    step,
    channel: secondary.channel,
    destination,
    status: 'QUEUED',
    desired: 'trigger',
    attempts: 0,
    created_at: at,
    updated_at: at,
    desired_at: at,
    next_attempt_at: at,
    revision: 1,
  };
}
