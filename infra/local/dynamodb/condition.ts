import { sortableText } from './check-value.ts';
import type { ConditionNode, Operand } from './dynalite.ts';
import { boundValue, isNode, isPath } from './expression.ts';
import { equalValues, typeOf, valueAt } from './value.ts';
import type { AttributeValue, Item } from './value.ts';

/**
 * Whether an item meets a parsed condition or filter.
 * Source: Developer guide, "Condition and filter expressions, operators, and functions".
 */
export function meets(item: Item, node: ConditionNode, values: Item): boolean {
  switch (node.type) {
    case 'and':
      return node.args.every((arg) => meets(item, arg as ConditionNode, values));
    case 'or':
      return node.args.some((arg) => meets(item, arg as ConditionNode, values));
    case 'not':
      return !meets(item, node.args[0] as ConditionNode, values);
  }
  const [first, ...rest] = node.args.map((arg) => resolve(arg, item, values));
  return holds(node.type === 'function' ? node.name! : node.type, first, rest);
}

function resolve(operand: Operand, item: Item, values: Item): AttributeValue | undefined {
  if (isPath(operand)) return valueAt(operand, item);
  if (!isNode(operand)) return boundValue(operand, values);
  const measured = resolve(operand.args[0]!, item, values);
  const size = measured === undefined ? undefined : sizeOf(measured);
  return size === undefined ? undefined : { N: String(size) };
}

/** What `size()` counts: characters, bytes, members or attributes. */
function sizeOf(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return Buffer.from(value.B, 'base64').length;
  if (value.M !== undefined) return Object.keys(value.M).length;
  return (value.SS ?? value.NS ?? value.BS ?? value.L)?.length;
}

function holds(
  operator: string,
  value: AttributeValue | undefined,
  others: (AttributeValue | undefined)[],
): boolean {
  const [other, upper] = others;
  switch (operator) {
    case 'attribute_exists':
      return value !== undefined;
    case 'attribute_not_exists':
      return value === undefined;
    case 'attribute_type':
      return value !== undefined && typeOf(value) === other?.S;
    case '=':
      return value !== undefined && other !== undefined && equalValues(value, other);
    case '<>':
      return value === undefined || other === undefined || !equalValues(value, other);
    case 'in':
      return value !== undefined && others.some((o) => o !== undefined && equalValues(value, o));
    case 'begins_with':
      return beginsWith(value, other);
    case 'contains':
      return contains(value, other);
    case 'between':
      return compare(value, other, (order) => order >= 0) && compare(value, upper, (o) => o <= 0);
    case '<':
      return compare(value, other, (order) => order < 0);
    case '<=':
      return compare(value, other, (order) => order <= 0);
    case '>':
      return compare(value, other, (order) => order > 0);
    default:
      return compare(value, other, (order) => order >= 0);
  }
}

const ORDERED: ReadonlySet<string> = new Set(['S', 'N', 'B']);

/** Only values of one ordered type compare; anything else is false. */
function compare(
  a: AttributeValue | undefined,
  b: AttributeValue | undefined,
  test: (order: number) => boolean,
): boolean {
  if (a === undefined || b === undefined) return false;
  const type = typeOf(a);
  if (type !== typeOf(b) || !ORDERED.has(type)) return false;
  return test(Buffer.compare(Buffer.from(sortableText(a)), Buffer.from(sortableText(b))));
}

function beginsWith(
  value: AttributeValue | undefined,
  prefix: AttributeValue | undefined,
): boolean {
  if (value?.S !== undefined && prefix?.S !== undefined) return value.S.startsWith(prefix.S);
  if (value?.B === undefined || prefix?.B === undefined) return false;
  return bytes(value).subarray(0, bytes(prefix).length).equals(bytes(prefix));
}

function contains(value: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (value === undefined || part === undefined) return false;
  if (value.S !== undefined) return part.S !== undefined && value.S.includes(part.S);
  if (value.B !== undefined) return part.B !== undefined && bytes(value).includes(bytes(part));
  if (value.L !== undefined) return value.L.some((member) => equalValues(member, part));
  if (value.SS !== undefined) return part.S !== undefined && value.SS.includes(part.S);
  if (value.NS !== undefined) return part.N !== undefined && value.NS.includes(part.N);
  return part.B !== undefined && (value.BS ?? []).includes(part.B);
}

function bytes(value: AttributeValue): Buffer {
  return Buffer.from(value.B!, 'base64');
}
