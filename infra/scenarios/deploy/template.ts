/** A CloudFormation template as far as the checks read it. */
export interface Template {
  Resources: Record<
    string,
    { Type: string; DependsOn?: string | string[]; Properties?: Record<string, unknown> }
  >;
  Parameters?: Record<string, unknown>;
  Conditions?: Record<string, unknown>;
  Outputs?: Record<string, unknown>;
}

/**
 * What CloudFormation would refuse before it makes anything: names that lead nowhere and resources
 * that wait for each other. One line a problem; empty when there is none.
 */
export function findProblems(template: Template): string[] {
  const { Resources, Parameters = {}, Conditions = {}, ...rest } = template;
  const known = (name: string) =>
    name.startsWith('AWS::') || Object.hasOwn(Resources, name) || Object.hasOwn(Parameters, name);
  const edges = new Map<string, string[]>();
  const problems: string[] = [];
  for (const [id, resource] of Object.entries(Resources)) {
    const names = [...referencesIn(resource), ...[resource.DependsOn ?? []].flat()];
    for (const name of names) if (!known(name)) problems.push(`${id}: nothing is called ${name}`);
    edges.set(
      id,
      names.filter((name) => Object.hasOwn(Resources, name)),
    );
  }
  for (const name of referencesIn(rest)) if (!known(name)) problems.push(`${name} is not there`);
  for (const name of conditionsIn(template))
    if (!Object.hasOwn(Conditions, name)) problems.push(`no condition is called ${name}`);
  return [...problems, ...findCycles(edges)];
}

/** Names in `Ref`, `Fn::GetAtt` and `Fn::Sub`. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'Ref') return [inner as string];
    if (key === 'Fn::GetAtt') return [Array.isArray(inner) ? (inner[0] as string) : String(inner)];
    if (key === 'Fn::Sub') return substitutedIn(inner as string | [string, object]);
    return referencesIn(inner);
  });
}

function substitutedIn(value: string | [string, object]): string[] {
  const [text, own] = Array.isArray(value) ? value : [value, {}];
  const names = [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => name!.split('.')[0]!);
  return [...names.filter((name) => !Object.hasOwn(own, name)), ...referencesIn(own)];
}

function conditionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(conditionsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'Fn::If') return [(inner as string[])[0]!, ...conditionsIn(inner)];
    // An object under `Condition` is a policy's, not CloudFormation's.
    return key === 'Condition' && typeof inner === 'string' ? [inner] : conditionsIn(inner);
  });
}

function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) found.push(`they wait for each other: ${[...path, id].join(' → ')}`);
    else if (!done.has(id)) {
      for (const next of edges.get(id) ?? []) visit(next, [...path, id]);
      done.add(id);
    }
  };
  for (const id of edges.keys()) visit(id, []);
  return found;
}
