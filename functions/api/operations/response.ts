import { listPolicies } from '#shared/escalation/list-policies.ts';
import type { Handlers } from '#functions/api/operation.ts';

/** Who is told, and by what means. */
export const responseOperations: Handlers<'escalations.list' | 'channels.list'> = {
  async 'escalations.list'(_input, { context, ports }) {
    return { items: [...(await listPolicies(ports.policies, context.tenant))] };
  },
  async 'channels.list'(_input, { context, ports }) {
    const stored = await ports.channels.list(context.tenant);
    return {
      items: stored.map(({ channel: { secret: _secret, url: _url, ...shown } }) => shown),
    };
  },
};
