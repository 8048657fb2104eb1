import { removeDocument, type SaveOptions } from '#shared/document/save-document.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';
import type { Schedule } from '#shared/schedule/schema.ts';

import { CHANNEL_KIND } from './channel-kind.ts';
import { DEFAULT_CHANNELS } from './default-channels.ts';
import type { OwnChannel } from './schema.ts';

interface RemovePorts {
  channels: DocumentStore<OwnChannel>;
  policies: Pick<DocumentStore<EscalationPolicy>, 'list'>;
  schedules: Pick<DocumentStore<Schedule>, 'list'>;
}

/**
 * Removes a channel of the tenant's own; a shipped one is then in force again. Throws `conflict` naming
 * who would be told by it no more, and as `removeDocument` does.
 */
export async function removeChannel(
  ports: RemovePorts,
  context: Context,
  channelId: string,
  options: Omit<SaveOptions, 'create'> = {},
): Promise<OwnChannel> {
  const isShipped = DEFAULT_CHANNELS.some(({ channel_id }) => channel_id === channelId);
  const users = isShipped ? [] : await findUsers(ports, context.tenant, channelId);
  if (users.length > 0)
    throw new SentryError('conflict', `It is still named by ${users.slice(0, 5).join(', ')}.`);
  return removeDocument(CHANNEL_KIND, ports.channels, context, channelId, options);
}

async function findUsers(
  { channels, policies, schedules }: RemovePorts,
  tenant: string,
  channelId: string,
): Promise<string[]> {
  const names = ({ channel, destination }: { channel: string; destination: string }) =>
    channel !== 'schedule' && destination === channelId;
  const [own, byPolicy, bySchedule] = await Promise.all([
    channels.list(tenant),
    policies.list(tenant),
    schedules.list(tenant),
  ]);
  return [
    ...byPolicy
      .filter(({ steps }) => steps.some(({ targets }) => targets.some(names)))
      .map(({ policy_id }) => `the policy "${policy_id}"`),
    ...bySchedule
      .filter(({ members }) => members.some(({ targets }) => targets.some(names)))
      .map(({ schedule_id }) => `the schedule "${schedule_id}"`),
    ...own
      .filter(({ secondary }) => secondary === channelId)
      .map(({ channel_id }) => `the channel "${channel_id}"`),
  ];
}
