import { validations } from './dynalite.ts';
import type { ConditionNode, DocumentPath, Operand, UpdateSection } from './dynalite.ts';
import { boundValue, isNode, isPath } from './expression.ts';
import { validationFailure } from './failure.ts';
import { typeOf, valueAt } from './value.ts';
import type { AttributeValue, Item } from './value.ts';

const WRONG_TYPE = 'An operand in the update expression has an incorrect data type';
const WRONG_PATH = 'The document path provided in the update expression is invalid for update';
const MISSING = 'The provided expression refers to an attribute that does not exist in the item';

/**
 * Carries out a parsed UpdateExpression on `item`, in place. Every operand is read from the item as
 * it was before. Throws ValidationException.
 * Source: Developer guide, "Using update expressions in DynamoDB".
 */
export function applyUpdate(item: Item, sections: readonly UpdateSection[], values: Item): void {
  const steps = sections.map((section) => ({
    section,
    value: section.type === 'remove' ? undefined : operandValue(section.val, item, values),
    place: placeOf(section.path, item),
  }));
  const shrunk = new Set<AttributeValue[]>();
  for (const { section, value, place } of steps) {
    if (section.type === 'set') put(place, value!, shrunk);
    else if (section.type === 'remove') remove(place, shrunk);
    else if (section.type === 'add') add(place, value!, shrunk);
    else subtractMembers(place, value!, shrunk);
  }
  for (const list of shrunk) {
    const kept = list.filter((member) => member !== undefined);
    list.splice(0, list.length, ...kept);
  }
}

interface Place {
  holder: AttributeValue;
  last: string | number;
}

function placeOf(path: DocumentPath, item: Item): Place {
  const holder = path.length === 1 ? { M: item } : valueAt(path.slice(0, -1), item);
  const last = path.at(-1)!;
  if (!holder || (typeof last === 'number' ? holder.L : holder.M) === undefined) {
    throw validationFailure(WRONG_PATH);
  }
  return { holder, last };
}

function current({ holder, last }: Place): AttributeValue | undefined {
  if (typeof last === 'number') return holder.L![last];
  return Object.hasOwn(holder.M!, last) ? holder.M![last] : undefined;
}

/** A list position past the end appends; holes are closed once every step is done. */
function put({ holder, last }: Place, value: AttributeValue, shrunk: Set<AttributeValue[]>): void {
  if (typeof last === 'string') {
    holder.M![last] = value;
    return;
  }
  if (last > holder.L!.length) shrunk.add(holder.L!);
  holder.L![last] = value;
}

function remove({ holder, last }: Place, shrunk: Set<AttributeValue[]>): void {
  if (typeof last === 'string') {
    delete holder.M![last];
  } else if (last < holder.L!.length) {
    (holder.L! as (AttributeValue | undefined)[])[last] = undefined;
    shrunk.add(holder.L!);
  }
}

function add(place: Place, value: AttributeValue, shrunk: Set<AttributeValue[]>): void {
  const existing = current(place);
  const type = typeOf(value);
  if (existing !== undefined && typeOf(existing) !== type) throw validationFailure(WRONG_TYPE);
  if (type === 'N') {
    put(place, sum(existing?.N ?? '0', value.N!, 1n), shrunk);
    return;
  }
  const members = new Set([
    ...((existing?.[type] as string[]) ?? []),
    ...(value[type] as string[]),
  ]);
  put(place, { [type]: [...members] }, shrunk);
}

function subtractMembers(place: Place, value: AttributeValue, shrunk: Set<AttributeValue[]>): void {
  const existing = current(place);
  if (existing === undefined) return;
  const type = typeOf(value);
  if (typeOf(existing) !== type) throw validationFailure(WRONG_TYPE);
  const gone = new Set(value[type] as string[]);
  const kept = (existing[type] as string[]).filter((member) => !gone.has(member));
  if (kept.length === 0) remove(place, shrunk);
  else put(place, { [type]: kept }, shrunk);
}

function operandValue(operand: Operand, item: Item, values: Item): AttributeValue {
  if (isPath(operand)) {
    const found = valueAt(operand, item);
    if (!found) throw validationFailure(MISSING);
    return structuredClone(found);
  }
  if (!isNode(operand)) return boundValue(operand, values);
  return computed(operand, item, values);
}

function computed(node: ConditionNode, item: Item, values: Item): AttributeValue {
  const [left, right] = node.args as [Operand, Operand];
  if (node.name === 'if_not_exists') {
    const found = valueAt(left as DocumentPath, item);
    return found ? structuredClone(found) : operandValue(right, item, values);
  }
  const a = operandValue(left, item, values);
  const b = operandValue(right, item, values);
  if (node.name === 'list_append') {
    if (a.L === undefined || b.L === undefined) throw validationFailure(WRONG_TYPE);
    return { L: [...a.L, ...b.L] };
  }
  if (a.N === undefined || b.N === undefined) throw validationFailure(WRONG_TYPE);
  return sum(a.N, b.N, node.type === 'add' ? 1n : -1n);
}

/** Exact: `a + sign * b`. Throws ValidationException beyond 38 digits. */
function sum(a: string, b: string, sign: bigint): AttributeValue {
  const scale = Math.max(fraction(a).length, fraction(b).length);
  const total = scaled(a, scale) + sign * scaled(b, scale);
  const digits = String(total < 0n ? -total : total).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const value: AttributeValue = {
    N: `${total < 0n ? '-' : ''}${whole}.${digits.slice(digits.length - scale)}0`,
  };
  const refusal = validations.validateAttributeValue(value);
  if (refusal !== undefined) throw validationFailure(refusal);
  return value;
}

function fraction(text: string): string {
  return text.split('.')[1] ?? '';
}

function scaled(text: string, scale: number): bigint {
  return BigInt(text.split('.')[0]! + fraction(text).padEnd(scale, '0'));
}
