import { database, validations } from './dynalite.ts';
import { validationFailure } from './failure.ts';
import type { AttributeValue, Item } from './value.ts';

const WHOLE = /^(?:0|-?[1-9][0-9]{0,36})$/;
const DECIMAL = /^-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]$/;
const NESTING_MAX = 32;

/**
 * Whether every value is well formed; numbers are brought to their canonical text in place. A
 * `false` says only "let dynalite look": it finds the exact refusal, or a value AWS would convert.
 * Throws ValidationException beyond 32 levels (Service quotas, "Nested attribute depth").
 */
export function cleanItem(item: unknown, depth = 1): item is Item {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return false;
  for (const name in item) {
    if (!cleanValue((item as Record<string, unknown>)[name], depth)) return false;
  }
  return true;
}

function cleanValue(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const members = Object.keys(value);
  if (members.length !== 1) return false;
  if (depth > NESTING_MAX) {
    throw validationFailure('Nesting Levels have exceeded supported limits');
  }
  const attribute = value as AttributeValue;
  switch (members[0]) {
    case 'S':
      return typeof attribute.S === 'string';
    case 'N':
      return cleanNumber(attribute);
    case 'B':
      return cleanBinary(attribute.B);
    case 'BOOL':
      return typeof attribute.BOOL === 'boolean';
    case 'NULL':
      return attribute.NULL === true;
    case 'SS':
      return distinct(attribute.SS, (member) => typeof member === 'string');
    case 'NS':
      return distinct(attribute.NS, (member) => typeof member === 'string' && WHOLE.test(member));
    case 'BS':
      return distinct(attribute.BS, cleanBinary);
    case 'L':
      return Array.isArray(attribute.L) && attribute.L.every((v) => cleanValue(v, depth + 1));
    case 'M':
      return cleanItem(attribute.M, depth + 1);
    default:
      return false;
  }
}

function cleanNumber(value: AttributeValue): boolean {
  const text = value.N;
  if (typeof text !== 'string') return false;
  if (WHOLE.test(text) || (text.length < 38 && DECIMAL.test(text))) return true;
  return validations.validateAttributeValue(value) === undefined;
}

function cleanBinary(text: unknown): boolean {
  return (
    typeof text === 'string' &&
    text.length % 4 === 0 &&
    Buffer.from(text, 'base64').toString('base64') === text
  );
}

function distinct(members: unknown, clean: (member: unknown) => boolean): boolean {
  if (!Array.isArray(members) || members.length === 0) return false;
  return members.every(clean) && new Set(members).size === members.length;
}

/** Throws the refusal of the first value AWS would not take; numbers become canonical. */
export function checkItem(item: Item, member = 'Item'): void {
  for (const name in item) {
    const message = validations.validateAttributeValue(item[name]!);
    if (message === undefined) continue;
    if (member !== 'ExpressionAttributeValues') throw validationFailure(message);
    throw validationFailure(`${member} contains invalid value: ${message} for key ${name}`);
  }
}

/** A key value as text whose UTF-8 byte order is DynamoDB's order of that key type. */
export function sortableText(value: AttributeValue): string {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return database.toLexiStr(value.N, 'N');
  return Buffer.from(value.B!, 'base64').toString('hex');
}
