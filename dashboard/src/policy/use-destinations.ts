import { useResource } from '#dashboard/api/use-resource.ts';
import { useApp } from '#dashboard/shell/app-context.ts';
import type { EscalationPolicy } from '#shared/escalation/schema.ts';

type Target = EscalationPolicy['steps'][number]['targets'][number];

/** Somebody a step can tell, with the words for it. */
export interface Destination extends Target {
  name: string;
}

/** Every channel and every schedule there is; undefined while they are fetched. */
export function useDestinations(): readonly Destination[] | undefined {
  const { call } = useApp();
  return useResource('destinations', async () => {
    const [channels, schedules] = await Promise.all([
      call('channels.list', {}),
      call('schedules.list', {}),
    ]);
    return [
      ...schedules.items.map(({ schedule_id, name }) => ({
        channel: 'schedule' as const,
        destination: schedule_id,
        name: `on-call ${name}`,
      })),
      ...channels.items.map(({ channel_id, channel, name }) => ({
        channel,
        destination: channel_id,
        name: `${name} (${channel})`,
      })),
    ];
  }).value;
}
