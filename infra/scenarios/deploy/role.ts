import type { Template } from './template.ts';

/** One thing a function did: an IAM action on a resource, with the partition keys it named. */
export interface Call {
  action: string;
  /** In the terms of `nameOf`: `sentry-work`, `sentry-work/index/due`, `sentry-store/archive/…`. */
  resource: string;
  keys?: readonly string[];
}

interface Statement {
  actions: readonly RegExp[];
  resources: readonly RegExp[];
  /** What every key must match, where the statement says so. */
  keys: readonly RegExp[] | undefined;
}

/** The statements of each named function's role, read from the template as IAM would. */
export function readRoles(template: Template): Map<string, Statement[]> {
  const entries = Object.values(template.Resources);
  const roles = new Map<string, Statement[]>();
  for (const { Type, Properties } of entries) {
    if (Type !== 'AWS::Lambda::Function' || !Properties?.FunctionName) continue;
    const role = (Properties.Role as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
    const policies = entries.filter(
      (one) =>
        one.Type === 'AWS::IAM::Policy' &&
        (one.Properties!.Roles as { Ref: string }[]).some(({ Ref }) => Ref === role),
    );
    roles.set(
      Properties.FunctionName as string,
      policies.flatMap((policy) => statementsOf(policy.Properties!, template)),
    );
  }
  return roles;
}

export function isAllowed(role: readonly Statement[], call: Call): boolean {
  const matches = (patterns: readonly RegExp[], text: string) =>
    patterns.some((pattern) => pattern.test(text));
  return role.some(
    ({ actions, resources, keys }) =>
      matches(actions, call.action) &&
      matches(resources, call.resource) &&
      (!keys || (call.keys ?? []).every((key) => matches(keys, key))),
  );
}

function statementsOf(properties: Record<string, unknown>, template: Template): Statement[] {
  const { Statement: statements } = properties.PolicyDocument as {
    Statement: { Action: unknown; Resource: unknown; Condition?: Record<string, unknown> }[];
  };
  return statements.map(({ Action, Resource, Condition }) => {
    const like = Condition?.['ForAllValues:StringLike'] as Record<string, string[]> | undefined;
    return {
      actions: ([Action].flat() as string[]).map(wildcard),
      resources: [Resource].flat().map((one) => wildcard(nameOf(one, template))),
      keys: like?.['dynamodb:LeadingKeys']?.map(wildcard),
    };
  });
}

/** An ARN in the template by the name of its resource; of a Parameter Store ARN the name is kept. */
function nameOf(value: unknown, template: Template): string {
  if (typeof value === 'string') return value;
  const { Ref, ...others } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return Ref.startsWith('AWS::') ? '' : resourceName(Ref, template);
  if (others['Fn::GetAtt']) return resourceName((others['Fn::GetAtt'] as string[])[0]!, template);
  const [, parts] = others['Fn::Join'] as [string, unknown[]];
  const text = parts.map((part) => nameOf(part, template)).join('');
  return text.startsWith('arn:') ? text.slice(text.lastIndexOf(':') + 1) : text;
}

function resourceName(id: string, template: Template): string {
  const { Properties = {} } = template.Resources[id]!;
  const { TableName, QueueName, TopicName, Name } = Properties;
  const given = TableName ?? QueueName ?? TopicName ?? Name;
  return typeof given === 'string' ? given : id.replace(/[0-9A-F]{8}$/, '');
}

function wildcard(pattern: string): RegExp {
  const text = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${text}$`);
}
