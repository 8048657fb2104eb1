import { admit } from '#shared/live/ticket.ts';
import type { LiveStore } from '#shared/ports/live-store.ts';

/** A REQUEST authorizer's event, as far as it is read here. */
export interface AuthorizerEvent {
  methodArn: string;
  headers?: Record<string, string | undefined>;
  queryStringParameters?: Record<string, string | undefined>;
}

/** What API Gateway makes of it: a policy, and what `$connect` gets to see. */
export interface AuthorizerResult {
  principalId: string;
  policyDocument: {
    Version: '2012-10-17';
    Statement: { Action: 'execute-api:Invoke'; Effect: 'Allow' | 'Deny'; Resource: string }[];
  };
  context?: { tenant: string; actor: string; scopes: string; exp: number };
}

/** What the function needs from outside. */
export interface AuthorizePorts {
  live: LiveStore;
  now(): number;
  /** Origins a browser may connect from. */
  origins: readonly string[];
  /** Told why somebody was refused; the caller is not. */
  refused(reason: string): void;
}

/** Handshake with a ticket → a policy that admits or denies. */
export async function authorize(
  event: AuthorizerEvent,
  ports: AuthorizePorts,
): Promise<AuthorizerResult> {
  const admission = await admit(
    event.queryStringParameters?.['ticket'],
    headerOf(event, 'origin'),
    ports.origins,
    ports.now(),
    ports.live,
  );
  if (admission.kind === 'refused') {
    ports.refused(admission.reason);
    return policy('anonymous', 'Deny', event.methodArn);
  }
  const { tenant, actor, scopes, token_expires_at } = admission.principal;
  return {
    ...policy(actor, 'Allow', event.methodArn),
    context: { tenant, actor, scopes: scopes.join(' '), exp: token_expires_at },
  };
}

/** Header names come in the case the client sent. */
function headerOf({ headers = {} }: AuthorizerEvent, wanted: string): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function policy(principalId: string, Effect: 'Allow' | 'Deny', Resource: string): AuthorizerResult {
  return {
    principalId,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }],
    },
  };
}
