import { createRequire } from 'node:module';
import type { AttributeValue, Item, ValueType } from './value.ts';

/** A place in an item: attribute names and list positions. */
export type DocumentPath = (string | number)[];

/** What dynalite's grammar makes of a condition or filter; operands are paths, values or `size()`. */
export interface ConditionNode {
  type: string;
  name?: string;
  args: Operand[];
}
export type Operand = DocumentPath | ConditionNode | AttributeValue;

export interface UpdateSection {
  type: 'set' | 'remove' | 'add' | 'delete';
  path: DocumentPath;
  val: Operand;
  attrType?: string;
}

interface WithHeads {
  nestedPaths: Record<string, boolean>;
}

export interface KeyCondition {
  ComparisonOperator: string;
  AttributeValueList: AttributeValue[];
}

/** The expression members of a request and what the grammars make of them (`_…`). */
export interface ExpressionRequest {
  UpdateExpression?: string;
  ConditionExpression?: string;
  KeyConditionExpression?: string;
  FilterExpression?: string;
  ProjectionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Item;
  _updates?: WithHeads & { sections: UpdateSection[]; paths: DocumentPath[] };
  _condition?: WithHeads & { expression: ConditionNode };
  _keyCondition?: WithHeads & { expression: ConditionNode };
  _filter?: WithHeads & { expression: ConditionNode; pathHeads: Record<string, boolean> };
  _projection?: WithHeads & { paths: DocumentPath[] };
}

export interface KeyElement {
  AttributeName: string;
  KeyType: 'HASH' | 'RANGE';
}

/** The members of a table description that dynalite's checks read. */
export interface KeyedTable {
  KeySchema: KeyElement[];
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: KeyElement[] }[];
  LocalSecondaryIndexes?: { IndexName: string; KeySchema: KeyElement[] }[];
}

/** Dynalite's description of a member: a type's name, or its type, constraints and children. */
export type MemberTypes = Record<string, unknown>;

/** An error with the wire body dynalite gave it. */
export interface DynaliteError extends Error {
  statusCode: number;
  body: { __type: string; message?: string; Message?: string };
}

interface Validations {
  checkTypes(request: unknown, types: MemberTypes): Record<string, unknown>;
  checkValidations(request: unknown, types: MemberTypes, custom: null): void;
  validateAttributeValue(value: AttributeValue): string | undefined;
  validateExpressionParams(
    request: unknown,
    expressions: string[],
    legacy: string[],
  ): string | undefined;
  validateExpressions(request: ExpressionRequest): string | undefined;
  convertKeyCondition(expression: ConditionNode): string | Record<string, KeyCondition>;
  validateConditions(conditions: Record<string, KeyCondition>): string | undefined;
}

interface Database {
  validateKey(
    key: Item,
    table: KeyedTable,
    schema?: KeyElement[],
  ): DynaliteError | null | undefined;
  validateItem(item: Item, table: KeyedTable): DynaliteError | null | undefined;
  validateUpdates(
    legacy: undefined,
    updates: ExpressionRequest['_updates'],
    table: KeyedTable,
  ): DynaliteError | null | undefined;
  validateKeyPaths(
    nested: Record<string, boolean> | undefined,
    table: KeyedTable,
  ): DynaliteError | null | undefined;
  toLexiStr(value: string, type: ValueType): string;
  mapPath(path: DocumentPath, item: Item): AttributeValue | null | undefined;
  mapPaths(paths: DocumentPath[], item: Item): Item;
}

interface OperationShape {
  types: MemberTypes;
  custom?: (request: unknown, store: unknown) => string | undefined;
}

/**
 * The pure parts of dynalite 4.0.0: grammars, reserved words, member types and the wording of
 * refusals, all tested by its authors against the real service. Its LevelDB store is not used: it
 * writes an item and its index rows one by one, so a killed process could leave half a write.
 */
const require = createRequire(import.meta.url);
export const validations = require('dynalite/validations/index.js') as Validations;
export const database = require('dynalite/db/index.js') as Database;

const SHAPES = {
  CreateTable: require('dynalite/validations/createTable.js'),
  DeleteItem: require('dynalite/validations/deleteItem.js'),
  GetItem: require('dynalite/validations/getItem.js'),
  PutItem: require('dynalite/validations/putItem.js'),
  Query: require('dynalite/validations/query.js'),
  Scan: require('dynalite/validations/scan.js'),
  UpdateItem: require('dynalite/validations/updateItem.js'),
  BatchGetItem: require('dynalite/validations/batchGetItem.js'),
  BatchWriteItem: require('dynalite/validations/batchWriteItem.js'),
} as Record<ShapeName, OperationShape>;
export type ShapeName =
  | 'CreateTable'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'UpdateItem'
  | 'BatchGetItem'
  | 'BatchWriteItem';

export function shapeOf(name: ShapeName): OperationShape {
  return SHAPES[name];
}
