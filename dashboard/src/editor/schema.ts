/** As much of JSON Schema as completion reads. */
export interface Schema {
  type?: string | readonly string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: readonly unknown[];
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
  $ref?: string;
  $defs?: Readonly<Record<string, Schema>>;
}

/** Names of properties and indexes of items, from the outside in. */
export type Path = readonly (string | number)[];

/**
 * The schemas that may hold at a path. Where there are variants, those whose constants disagree with what
 * is written there (`writtenAt`: name → text) are left out.
 */
export function schemasAt(
  root: Schema,
  path: Path,
  writtenAt: (path: Path) => Readonly<Record<string, string>>,
): Schema[] {
  let held = variantsOf(root, root, writtenAt([]));
  for (const [depth, step] of path.entries()) {
    const written = writtenAt(path.slice(0, depth + 1));
    held = held.flatMap((schema) => {
      const next = childOf(schema, step);
      return next === undefined ? [] : variantsOf(root, next, written);
    });
  }
  return held;
}

function childOf(schema: Schema, step: string | number): Schema | undefined {
  if (typeof step === 'number') return schema.items;
  const own = schema.properties?.[step];
  if (own !== undefined) return own;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function variantsOf(
  root: Schema,
  schema: Schema,
  written: Readonly<Record<string, string>>,
): Schema[] {
  const target = schema.$ref === undefined ? schema : refOf(root, schema.$ref);
  if (target === undefined) return [];
  const choices = [...(target.anyOf ?? []), ...(target.oneOf ?? []), ...(target.allOf ?? [])];
  if (choices.length === 0) return [target];
  const all = choices.flatMap((choice) => variantsOf(root, choice, written));
  const agreeing = all.filter((choice) => agrees(choice, written));
  return agreeing.length > 0 ? agreeing : all;
}

function agrees({ properties = {} }: Schema, written: Readonly<Record<string, string>>): boolean {
  return Object.entries(properties).every(
    ([name, { const: only }]) =>
      only === undefined || written[name] === undefined || written[name] === only,
  );
}

function refOf(root: Schema, ref: string): Schema | undefined {
  if (!ref.startsWith('#')) return undefined;
  let at: unknown = root;
  for (const part of ref.slice(1).split('/').filter(Boolean))
    at = (at as Record<string, unknown> | undefined)?.[
      decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    ];
  return at as Schema | undefined;
}

/** A field that may stand there, and how it is written. */
interface Name {
  name: string;
  isRequired: boolean;
  schema: Schema;
}

/** The fields objects of these schemas have, the required ones first. */
export function namesIn(schemas: readonly Schema[]): Name[] {
  const found = new Map<string, Name>();
  for (const { properties = {}, required = [] } of schemas)
    for (const [name, schema] of Object.entries(properties))
      if (!found.has(name)) found.set(name, { name, schema, isRequired: required.includes(name) });
  return [...found.values()].sort((a, b) => Number(b.isRequired) - Number(a.isRequired));
}

/** The values that may stand there, as JSON text; empty when any may. */
export function valuesIn(schemas: readonly Schema[]): string[] {
  const texts = schemas.flatMap((schema) => {
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value));
    if (schema.const !== undefined) return [JSON.stringify(schema.const)];
    return schema.type === 'boolean' ? ['true', 'false'] : [];
  });
  return [...new Set(texts)];
}

/** What a new field begins with: its default, its first value, or what is empty of its type. */
export function startOf({ default: given, enum: choices, const: only, type }: Schema): string {
  if (given !== undefined) return JSON.stringify(given);
  if (only !== undefined) return JSON.stringify(only);
  if (choices !== undefined) return JSON.stringify(choices[0]);
  if (type === 'object') return '{}';
  if (type === 'array') return '[]';
  if (type === 'boolean') return 'true';
  return type === 'string' ? '""' : '';
}
