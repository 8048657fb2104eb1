import { listPolicies } from '#shared/escalation/list-policies.ts';
import { DEFAULT_CHANNELS } from '#shared/notification/default-channels.ts';
import type { Handlers } from '#functions/api/operation.ts';

/** Who is told, and by what means. */
export const responseOperations: Handlers<'escalations.list' | 'channels.list'> = {
  async 'escalations.list'(_input, { context, ports }) {
    return { items: [...(await listPolicies(ports.policies, context.tenant))] };
  },
  async 'channels.list'(_input, { context, ports }) {
    const own = (await ports.channels.list(context.tenant)).map(({ channel }) => channel);
    const isOwn = (id: string) => own.some(({ channel_id }) => channel_id === id);
    const all = [...own, ...DEFAULT_CHANNELS.filter(({ channel_id }) => !isOwn(channel_id))];
    const items = all.map(({ secret: _secret, url: _url, ...shown }) => shown);
    return { items: items.sort((a, b) => (a.channel_id < b.channel_id ? -1 : 1)) };
  },
};
