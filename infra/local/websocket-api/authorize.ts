import {
  authorizerEvent,
  methodArn,
  type AuthorizerContext,
  type ConnectionFacts,
  type Handshake,
} from '#infra/local/websocket-api/event.ts';
import { InvocationError, type Invoker } from '#infra/local/service.ts';

export type Admission =
  { kind: 'allowed'; context: AuthorizerContext } | { kind: 'refused'; status: 401 | 403 | 500 };

/** Quota "AWS Lambda authorizer result size". */
const RESULT_BYTES_MAX = 8 * 1024;

/**
 * Asks the REQUEST authorizer `live-authorizer`. Without the identity source
 * `route.request.querystring.ticket` the answer is 401 and the function is not called; `Unauthorized`
 * thrown is 401, a policy that denies is 403, anything else wrong with the function is 500 (developer
 * guide, "Use API Gateway Lambda authorizers"; "Control access to WebSocket APIs").
 */
export async function authorizeConnection(
  invoker: Invoker,
  facts: ConnectionFacts,
  handshake: Handshake,
  now: number,
): Promise<Admission> {
  if (!handshake.query.get('ticket')) return { kind: 'refused', status: 401 };
  try {
    const event = authorizerEvent(facts, handshake, now);
    return readPolicy(await invoker.invoke('live-authorizer', event));
  } catch (error) {
    if (!(error instanceof InvocationError)) throw error;
    return { kind: 'refused', status: /\bUnauthorized$/.test(error.message) ? 401 : 500 };
  }
}

interface Statement {
  Effect?: string;
  Action?: string | string[];
  Resource?: string | string[];
}

function readPolicy(result: unknown): Admission {
  const policy = result as {
    principalId?: unknown;
    policyDocument?: { Statement?: Statement | Statement[] };
    context?: Record<string, unknown>;
  } | null;
  const isWhole = typeof policy?.principalId === 'string' && policy.policyDocument?.Statement;
  if (!isWhole || JSON.stringify(policy).length > RESULT_BYTES_MAX)
    return { kind: 'refused', status: 500 };
  const context: AuthorizerContext = { principalId: policy.principalId as string };
  for (const [name, value] of Object.entries(policy.context ?? {})) {
    if (!['string', 'number', 'boolean'].includes(typeof value))
      return { kind: 'refused', status: 500 };
    context[name] = String(value);
  }
  const statements = [policy.policyDocument!.Statement!].flat().filter(applies);
  const isAllowed =
    statements.some(({ Effect }) => Effect === 'Allow') &&
    !statements.some(({ Effect }) => Effect === 'Deny');
  return isAllowed ? { kind: 'allowed', context } : { kind: 'refused', status: 403 };
}

function applies(statement: Statement): boolean {
  const actions = [statement.Action ?? []].flat();
  const resources = [statement.Resource ?? []].flat();
  return (
    actions.some((action) => globMatches(action, 'execute-api:Invoke')) &&
    resources.some((resource) => globMatches(resource, methodArn()))
  );
}

/** IAM wildcards: `*` any text, `?` one character. */
function globMatches(glob: string, text: string): boolean {
  const pattern = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'is').test(text);
}
