import { validations } from './dynalite.ts';
import type { ConditionNode, DocumentPath, ExpressionRequest, KeyCondition } from './dynalite.ts';
import { validationFailure } from './failure.ts';
import { typeOf } from './value.ts';
import type { AttributeValue, Item } from './value.ts';

/** Marks a value in a parsed expression: where it stands, the request's value of this name is meant. */
const NAME = Symbol('name of the expression attribute value');
type Marker = AttributeValue & { [NAME]: string };

/** A request's expressions, parsed; reusable for other values of the same types. */
export interface ParsedExpressions {
  updates?: ExpressionRequest['_updates'];
  condition?: ConditionNode;
  keyConditions?: Record<string, KeyCondition>;
  filter?: ExpressionRequest['_filter'];
  projection?: ExpressionRequest['_projection'];
}

/** Parsed expressions with the values of one request. */
export interface BoundExpressions extends ParsedExpressions {
  values: Item;
}

const PARSED_MAX = 2000;
const parsed = new Map<string, ParsedExpressions>();
/** These check the values themselves while parsing, so their result holds for one request only. */
const CHECKS_VALUES = /\b(between|attribute_type)\b/i;
const EXPRESSIONS = [
  'UpdateExpression',
  'ConditionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ProjectionExpression',
] as const;

/**
 * Parses the expressions among `allowed` (by text, names and value types: cached).
 * Throws ValidationException for syntax, reserved words, undefined or unused names and values.
 */
export function bindExpressions(
  request: ExpressionRequest,
  allowed: readonly (typeof EXPRESSIONS)[number][],
): BoundExpressions {
  const values = request.ExpressionAttributeValues ?? {};
  if (
    EXPRESSIONS.every((name) => request[name] === undefined) &&
    request.ExpressionAttributeNames === undefined &&
    request.ExpressionAttributeValues === undefined
  ) {
    return { values };
  }
  const key = cacheKey(request);
  let result = parsed.get(key);
  if (result === undefined) {
    const refusal = validations.validateExpressionParams(request, [...allowed], []);
    if (refusal !== undefined) throw validationFailure(refusal);
    result = parse(request);
    if (!EXPRESSIONS.some((name) => CHECKS_VALUES.test(request[name] ?? ''))) {
      if (parsed.size >= PARSED_MAX) parsed.clear();
      parsed.set(key, result);
    }
  }
  return { ...result, values };
}

function cacheKey(request: ExpressionRequest): string {
  let key = '';
  for (const name of EXPRESSIONS) key += `${request[name] ?? ''}\u0001`;
  for (const name in request.ExpressionAttributeNames) {
    key += `${name}\u0002${request.ExpressionAttributeNames[name]}\u0001`;
  }
  key += '\u0003';
  for (const name in request.ExpressionAttributeValues) {
    key += `${name}\u0002${typeOf(request.ExpressionAttributeValues[name]!)}\u0001`;
  }
  return key;
}

function parse(request: ExpressionRequest): ParsedExpressions {
  const marked: ExpressionRequest = { ...request };
  if (request.ExpressionAttributeValues !== undefined) {
    marked.ExpressionAttributeValues = {};
    for (const [name, value] of Object.entries(request.ExpressionAttributeValues)) {
      marked.ExpressionAttributeValues[name] = { ...value, [NAME]: name } as Marker;
    }
  }
  const refusal = validations.validateExpressions(marked);
  if (refusal !== undefined) throw validationFailure(refusal);
  const result: ParsedExpressions = {};
  if (marked._updates !== undefined) result.updates = marked._updates;
  if (marked._condition !== undefined) result.condition = marked._condition.expression;
  if (marked._filter !== undefined) result.filter = marked._filter;
  if (marked._projection !== undefined) result.projection = marked._projection;
  if (marked._keyCondition !== undefined) {
    const conditions = validations.convertKeyCondition(marked._keyCondition.expression);
    if (typeof conditions === 'string') throw validationFailure(conditions);
    const wrong = validations.validateConditions(conditions);
    if (wrong !== undefined) throw validationFailure(wrong);
    const count = Object.keys(conditions).length;
    if (count < 1 || count > 2) throw validationFailure('Conditions can be of length 1 or 2 only');
    result.keyConditions = conditions;
  }
  return result;
}

/** The request's value where a parsed expression has a marker. */
export function boundValue(value: AttributeValue, values: Item): AttributeValue {
  const name = (value as Partial<Marker>)[NAME];
  return name === undefined ? value : values[name]!;
}

export function isPath(operand: unknown): operand is DocumentPath {
  return Array.isArray(operand);
}

export function isNode(operand: unknown): operand is ConditionNode {
  return typeof (operand as ConditionNode).type === 'string';
}
