import { asyncApiDocument } from '#shared/api/asyncapi.ts';
import { openApiDocument } from '#shared/api/openapi.ts';
import { issueTicket } from '#shared/live/ticket.ts';
import type { Handlers } from '#functions/api/operation.ts';

/** What a caller asks about itself and about the API. */
export const sessionOperations: Handlers<
  'live.ticket' | 'me.get' | 'health.get' | 'openapi.get' | 'asyncapi.get'
> = {
  'live.ticket': (_input, { context, tokenExpiresAt, ports }) =>
    issueTicket(context, tokenExpiresAt, ports.live),
  async 'me.get'(_input, { context, roles, tokenExpiresAt }) {
    return {
      tenant: context.tenant,
      actor: context.actor,
      roles: [...roles],
      scopes: [...context.scopes],
      expires_at: new Date(tokenExpiresAt).toISOString(),
    };
  },
  async 'health.get'(_input, { context }) {
    return { status: 'ok', time: new Date(context.now()).toISOString() };
  },
  async 'openapi.get'() {
    return openApiDocument();
  },
  async 'asyncapi.get'() {
    return asyncApiDocument();
  },
};
