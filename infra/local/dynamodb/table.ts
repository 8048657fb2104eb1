import { sortableText } from './check-value.ts';
import { database } from './dynalite.ts';
import type { DynaliteError, KeyedTable, KeyElement } from './dynalite.ts';
import { DynamoFailure, validationFailure } from './failure.ts';
import type { Item } from './value.ts';

interface IndexDefinition {
  IndexName: string;
  KeySchema: KeyElement[];
  Projection: { ProjectionType: 'ALL' | 'INCLUDE' | 'KEYS_ONLY'; NonKeyAttributes?: string[] };
}

export type StreamViewType = 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY';

/** What is kept of a table; the members of the API's description have the API's names. */
export interface Table extends KeyedTable {
  TableName: string;
  GlobalSecondaryIndexes?: IndexDefinition[];
  LocalSecondaryIndexes?: IndexDefinition[];
  TableId: string;
  /** Unix seconds. */
  CreationDateTime: number;
  DeletionProtectionEnabled: boolean;
  /** Row number: names the table's SQLite tables. */
  number: number;
  /** `label` is the last part of the stream's ARN; kept after the stream is switched off. */
  stream?: { enabled: boolean; view: StreamViewType; label: string };
  ttlAttribute?: string;
  tags: Record<string, string>;
}

/** An index with the place of its rows. */
export interface Index extends IndexDefinition {
  global: boolean;
  /** Name of its SQLite table. */
  rows: string;
}

const indexesOf = new WeakMap<Table, Index[]>();

export function tableIndexes(table: Table): readonly Index[] {
  let indexes = indexesOf.get(table);
  if (indexes === undefined) {
    const rows = (index: IndexDefinition) => `"index_${table.number}_${index.IndexName}"`;
    indexes = [
      ...(table.GlobalSecondaryIndexes ?? []).map((i) => ({ ...i, global: true, rows: rows(i) })),
      ...(table.LocalSecondaryIndexes ?? []).map((i) => ({ ...i, global: false, rows: rows(i) })),
    ];
    indexesOf.set(table, indexes);
  }
  return indexes;
}

export function itemRows(table: Table): string {
  return `items_${table.number}`;
}

export function keyNames(schema: readonly KeyElement[]): string[] {
  return schema.map((element) => element.AttributeName);
}

/** The key's columns as sortable text; the sort column is empty where the schema has none. */
export function keyColumns(item: Item, schema: readonly KeyElement[]): [string, string] {
  const partition = sortableText(item[schema[0]!.AttributeName]!);
  return [partition, schema[1] ? sortableText(item[schema[1].AttributeName]!) : ''];
}

/** The item's row in an index, or undefined: an index is sparse. */
export function indexColumns(item: Item | undefined, index: Index): [string, string] | undefined {
  if (item === undefined) return undefined;
  if (index.KeySchema.some((element) => item[element.AttributeName] === undefined))
    return undefined;
  return keyColumns(item, index.KeySchema);
}

export function keyOf(item: Item, table: Table): Item {
  const key: Item = {};
  for (const { AttributeName } of table.KeySchema) key[AttributeName] = item[AttributeName]!;
  return key;
}

/** Throws the refusal dynalite worded, if any. */
export function refuse(error: DynaliteError | null | undefined): void {
  if (error) throw new DynamoFailure(error.body.__type, error.message);
}

export function checkKey(key: Item, table: Table): void {
  refuse(database.validateKey(key, table));
}

/** Key attributes present, of their type and size; index keys of their type and not empty. */
export function checkItemKeys(item: Item, table: Table): void {
  refuse(database.validateItem(item, table));
  checkIndexKeys(item, table);
}

export function checkIndexKeys(item: Item, table: Table): void {
  for (const index of tableIndexes(table)) {
    for (const { AttributeName } of index.KeySchema) {
      const value = item[AttributeName];
      if (value === undefined) continue;
      const type = table.AttributeDefinitions.find(
        (d) => d.AttributeName === AttributeName,
      )!.AttributeType;
      if (value[type] === undefined) {
        throw validationFailure(
          `One or more parameter values were invalid: Type mismatch for Index Key ${AttributeName} ` +
            `Expected: ${type} Actual: ${Object.keys(value)[0]} IndexName: ${index.IndexName}`,
        );
      }
      if (value[type] === '') {
        throw validationFailure(
          'One or more parameter values are not valid. A value specified for a secondary index key ' +
            `is not supported. The AttributeValue for a key attribute cannot contain an empty ` +
            `${type === 'S' ? 'string' : 'binary'} value. IndexName: ${index.IndexName}, IndexKey: ${AttributeName}`,
        );
      }
    }
  }
}

/** The attributes an index shows of an item. */
export function projected(item: Item, table: Table, index: Index): Item {
  if (index.Projection.ProjectionType === 'ALL') return item;
  const shown: Item = {};
  for (const name of [
    ...keyNames(table.KeySchema),
    ...keyNames(index.KeySchema),
    ...(index.Projection.NonKeyAttributes ?? []),
  ]) {
    if (item[name] !== undefined) shown[name] = item[name];
  }
  return shown;
}
