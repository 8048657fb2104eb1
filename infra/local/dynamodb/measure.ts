import type { AttributeValue, Item } from './value.ts';

/** 400 KB: Service quotas, "Item size". */
export const ITEM_BYTES_MAX = 400 * 1024;

/**
 * Bytes of an item: attribute names in UTF-8 plus values.
 * Source: Developer guide, "DynamoDB item sizes and formats".
 */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name in item) bytes += textBytes(name) + valueBytes(item[name]!);
  return bytes;
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return textBytes(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return binaryBytes(value.B);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  if (value.L !== undefined) return 3 + value.L.length + total(value.L, valueBytes);
  if (value.SS !== undefined) return total(value.SS, textBytes);
  if (value.NS !== undefined) return total(value.NS, numberBytes);
  return total(value.BS ?? [], binaryBytes);
}

function textBytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** About one byte for two significant digits, plus one, plus one for a sign; never over 21. */
function numberBytes(text: string): number {
  const negative = text.startsWith('-') ? 1 : 0;
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return Math.min(21, 1 + Math.ceil(Math.max(digits.length, 1) / 2) + negative);
}

function binaryBytes(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

function total<T>(members: readonly T[], measure: (member: T) => number): number {
  let bytes = 0;
  for (const member of members) bytes += measure(member);
  return bytes;
}

/** Write units of 1 KB, at least one. Source: Developer guide, "Read and write operations". */
export function writeUnits(oldBytes: number, newBytes: number): number {
  return Math.max(1, Math.ceil(Math.max(oldBytes, newBytes) / 1024));
}

/** Read units of 4 KB, half for an eventually consistent read. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

export interface ConsumedCapacity {
  TableName: string;
  CapacityUnits: number;
  Table?: { CapacityUnits: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
  LocalSecondaryIndexes?: Record<string, { CapacityUnits: number }>;
}

/** What `ReturnConsumedCapacity` asked for of a read; an index counts as its table. */
export function consumedCapacity(
  mode: string | undefined,
  tableName: string,
  units: number,
): ConsumedCapacity | undefined {
  if (mode !== 'TOTAL' && mode !== 'INDEXES') return undefined;
  const consumed: ConsumedCapacity = { TableName: tableName, CapacityUnits: units };
  if (mode === 'INDEXES') consumed.Table = { CapacityUnits: units };
  return consumed;
}
