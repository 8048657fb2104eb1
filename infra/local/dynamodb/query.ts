import type { SQLInputValue } from 'node:sqlite';
import { sortableText } from './check-value.ts';
import type { KeyCondition } from './dynalite.ts';
import { bindExpressions, boundValue } from './expression.ts';
import { validationFailure } from './failure.ts';
import { checkPaths, checkStartKey, findSource, readPage } from './page.ts';
import type { PageRequest, PageResponse, Source } from './page.ts';
import { shapeRequest } from './shape.ts';
import type { Store } from './store.ts';
import { itemRows, keyColumns, keyNames } from './table.ts';
import type { AttributeValue, Item, ValueType } from './value.ts';

interface QueryRequest extends PageRequest {
  ScanIndexForward?: boolean;
}

interface KeyRange {
  partition: string;
  /** Comparisons of the sort column, with their texts. */
  bounds: { operator: '=' | '<' | '<=' | '>' | '>='; text: string }[];
}

/** Query of a table or an index, in either direction. Throws ValidationException. */
export function query(body: Record<string, unknown>, store: Store): PageResponse {
  const request = shapeRequest('Query', body) as QueryRequest;
  if (request.KeyConditionExpression === undefined) {
    throw validationFailure(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const expressions = bindExpressions(request, [
    'ProjectionExpression',
    'FilterExpression',
    'KeyConditionExpression',
  ]);
  const source = findSource(store.table(request.TableName), request);
  const range = keyRange(source, expressions.keyConditions!, expressions.values);
  checkStartKey(source, request.ExclusiveStartKey);
  checkPaths(source, expressions);
  for (const name of keyNames(source.schema)) {
    if (expressions.filter?.pathHeads[name]) {
      throw validationFailure(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
      );
    }
  }
  const { sql, parameters } = select(source, range, request);
  return readPage(source, request, expressions, store.items(sql, parameters));
}

function keyRange(
  source: Source,
  conditions: Record<string, KeyCondition>,
  values: Item,
): KeyRange {
  const [hashName, rangeName] = keyNames(source.schema);
  const hash = conditions[hashName!];
  const range = rangeName === undefined ? undefined : conditions[rangeName];
  const known = (hash ? 1 : 0) + (range ? 1 : 0);
  if (hash === undefined || known < Object.keys(conditions).length) {
    const missed = hash === undefined ? hashName : rangeName;
    throw validationFailure(
      missed === undefined
        ? 'Query key condition not supported'
        : `Query condition missed key schema element: ${missed}`,
    );
  }
  if (hash.ComparisonOperator !== 'EQ') {
    throw validationFailure('Query key condition not supported');
  }
  const [partition] = keyValues(source, hashName!, hash, values);
  if (range === undefined) return { partition: sortableText(partition!), bounds: [] };
  const operands = keyValues(source, rangeName!, range, values);
  const bounds = sortBounds(range.ComparisonOperator, operands.map(sortableText));
  return { partition: sortableText(partition!), bounds };
}

function keyValues(
  source: Source,
  name: string,
  condition: KeyCondition,
  values: Item,
): AttributeValue[] {
  const { AttributeType } = source.table.AttributeDefinitions.find(
    (definition) => definition.AttributeName === name,
  )!;
  return condition.AttributeValueList.map((marker) => {
    const value = boundValue(marker, values);
    if (value[AttributeType satisfies ValueType] === undefined) {
      throw validationFailure(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    return value;
  });
}

const OPERATORS = { EQ: '=', LT: '<', LE: '<=', GT: '>', GE: '>=' } as const;

function sortBounds(operator: string, [first, second]: string[]): KeyRange['bounds'] {
  if (operator === 'BETWEEN') {
    return [
      { operator: '>=', text: first! },
      { operator: '<=', text: second! },
    ];
  }
  if (operator === 'BEGINS_WITH') {
    const end = afterPrefix(first!);
    const from = { operator: '>=', text: first! } as const;
    return end === undefined ? [from] : [from, { operator: '<', text: end }];
  }
  return [{ operator: OPERATORS[operator as keyof typeof OPERATORS], text: first! }];
}

/** The least text greater than every text with this prefix, by code point; undefined: none. */
function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix);
  for (let at = points.length - 1; at >= 0; at--) {
    const point = points[at]!.codePointAt(0)!;
    if (point === 0x10ffff) continue;
    const next = point + 1 === 0xd800 ? 0xe000 : point + 1;
    return points.slice(0, at).join('') + String.fromCodePoint(next);
  }
  return undefined;
}

function select(
  source: Source,
  range: KeyRange,
  request: QueryRequest,
): { sql: string; parameters: SQLInputValue[] } {
  const { table, index } = source;
  const backward = request.ScanIndexForward === false;
  const direction = backward ? 'DESC' : 'ASC';
  const beyond = backward ? '<' : '>';
  const rows = itemRows(table);
  const [hashColumn, rangeColumn] = index === undefined ? ['i.pk', 'i.sk'] : ['x.hash', 'x.range'];
  const where = [`${hashColumn} = ?`];
  const parameters: SQLInputValue[] = [range.partition];
  for (const { operator, text } of range.bounds) {
    where.push(`${rangeColumn} ${operator} ?`);
    parameters.push(text);
  }
  const start = request.ExclusiveStartKey;
  if (start !== undefined) checkWithin(source, range, start);
  if (index === undefined) {
    if (start !== undefined) {
      where.push(`i.sk ${beyond} ?`);
      parameters.push(keyColumns(start, table.KeySchema)[1]);
    }
    const sql = `SELECT i.item FROM ${rows} i WHERE ${where.join(' AND ')} ORDER BY i.sk ${direction}`;
    return { sql, parameters };
  }
  if (start !== undefined) {
    where.push(`(x.range, x.pk, x.sk) ${beyond} (?, ?, ?)`);
    parameters.push(keyColumns(start, index.KeySchema)[1], ...keyColumns(start, table.KeySchema));
  }
  const order = ['x.range', 'x.pk', 'x.sk'].map((column) => `${column} ${direction}`).join(', ');
  const sql =
    `SELECT i.item FROM ${index.rows} x CROSS JOIN ${rows} i ON i.row = x.row ` +
    `WHERE ${where.join(' AND ')} ORDER BY ${order}`;
  return { sql, parameters };
}

function checkWithin(source: Source, range: KeyRange, start: Item): void {
  const [partition, sort] = keyColumns(start, source.schema);
  if (partition !== range.partition) {
    throw validationFailure(
      'The provided starting key is outside query boundaries based on provided conditions',
    );
  }
  const order = (text: string) => Buffer.compare(Buffer.from(sort), Buffer.from(text));
  const within = range.bounds.every(({ operator, text }) => {
    const at = order(text);
    if (at === 0) return operator !== '<' && operator !== '>';
    return operator === '=' ? false : at < 0 ? operator.startsWith('<') : operator.startsWith('>');
  });
  if (!within) {
    throw validationFailure('The provided starting key does not match the range key predicate');
  }
}
