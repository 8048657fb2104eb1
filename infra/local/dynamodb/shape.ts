import { checkItem, cleanItem } from './check-value.ts';
import { shapeOf, validations } from './dynalite.ts';
import type { DynaliteError, MemberTypes, ShapeName } from './dynalite.ts';
import { DynamoFailure, validationFailure } from './failure.ts';
import type { Item } from './value.ts';

/** Members of the year 2011 API: refused, expressions say the same. */
const LEGACY = [
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
];

/** Members that hold attribute values, checked by hand because dynalite's walk is costly. */
const VALUES = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'];

const ON_CONDITION_FAILURE = {
  ReturnValuesOnConditionCheckFailure: { type: 'String', enum: ['ALL_OLD', 'NONE'] },
};

function typesFor(name: ShapeName): MemberTypes {
  const types: MemberTypes = { ...shapeOf(name).types };
  for (const member of LEGACY) delete types[member];
  if (name === 'PutItem' || name === 'UpdateItem' || name === 'DeleteItem') {
    Object.assign(types, ON_CONDITION_FAILURE);
  }
  return types;
}

const TYPES: Partial<Record<ShapeName, MemberTypes>> = {};

/**
 * A request with only the members its operation has, each of its type and within its limits.
 * Throws SerializationException or ValidationException in the words of the service.
 */
export function shapeRequest(name: ShapeName, request: Record<string, unknown>): unknown {
  for (const member of LEGACY) {
    if (request[member] !== undefined) {
      throw validationFailure(`${member} is not served here; use the expression parameters`);
    }
  }
  const types = (TYPES[name] ??= typesFor(name));
  const clean: Record<string, Item> = {};
  const rest = { ...request };
  for (const member of VALUES) {
    const value = request[member];
    if (types[member] === undefined || !cleanItem(value)) continue;
    clean[member] = value;
    rest[member] = {};
  }
  const shaped = worded(() => {
    const typed = validations.checkTypes(rest, types);
    validations.checkValidations(typed, types, null);
    return typed;
  });
  for (const member of VALUES) {
    if (clean[member] !== undefined) shaped[member] = clean[member];
    else if (shaped[member] !== undefined) checkItem(shaped[member] as Item, member);
  }
  return shaped;
}

/** Turns what dynalite throws into a failure of this service. */
function worded<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    const { body, message } = error as Partial<DynaliteError>;
    if (body !== undefined) throw new DynamoFailure(body.__type, message ?? '');
    throw error;
  }
}
