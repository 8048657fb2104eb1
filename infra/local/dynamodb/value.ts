/** One DynamoDB attribute value as it travels: exactly one member is set. `B` is base64, `N` decimal text. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
}
export type ValueType = keyof AttributeValue;
export type Item = Record<string, AttributeValue>;

/** The one member an attribute value has. */
export function typeOf(value: AttributeValue): ValueType {
  for (const type in value) return type as ValueType;
  throw new TypeError('an attribute value without a type');
}

/** The value at a document path: attribute names and list positions; undefined where there is none. */
export function valueAt(
  path: readonly (string | number)[],
  item: Item,
): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const step of path) {
    if (typeof step === 'number') value = value.L?.[step];
    else value = value.M !== undefined && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
    if (value === undefined) return undefined;
  }
  return value;
}

const SETS: ReadonlySet<string> = new Set(['SS', 'NS', 'BS']);

/** Equality as DynamoDB compares: sets without order, lists and maps by content. */
export function equalValues(a: AttributeValue, b: AttributeValue): boolean {
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  if (type === 'M') return equalItems(a.M!, b.M!);
  if (type === 'L') {
    const other = b.L!;
    return (
      a.L!.length === other.length && a.L!.every((value, at) => equalValues(value, other[at]!))
    );
  }
  if (SETS.has(type)) {
    const other = new Set(b[type] as string[]);
    const own = a[type] as string[];
    return own.length === other.size && own.every((member) => other.has(member));
  }
  return a[type] === b[type];
}

/** Whether two items hold the same attributes with the same values. */
export function equalItems(a: Item, b: Item): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const other = Object.hasOwn(b, name) ? b[name] : undefined;
    return other !== undefined && equalValues(a[name]!, other);
  });
}
