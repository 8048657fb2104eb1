import * as z from 'zod';

import { LOOKUP_NAME } from './parse-lookup.ts';

const TEXT = { type: 'string' } as const;
const TEXTS = { anyOf: [TEXT, { type: 'array', items: TEXT, minItems: 1 }] } as const;
const REGEX = {
  type: 'string',
  maxLength: 1_024,
  description:
    'A regular expression of RE2, found anywhere in the text unless ^ or $ hold it: classes, groups, ' +
    'alternation, ? * + {n,m}, ^ $ \\b, (?i). No look-around and no back-references.',
} as const;
const LOOKUP = {
  type: 'string',
  pattern: LOOKUP_NAME.source,
  description: 'The name of a lookup table: the value, a text or a number, must be among its keys.',
} as const;
const FOLDED = { type: 'object', properties: { 'equals-ignore-case': TEXT } } as const;

/** For editors: what one entry of a field's list may be. */
const ENTRY = {
  anyOf: [
    { type: ['string', 'number', 'boolean', 'null'], description: 'exactly this value' },
    {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      properties: {
        exact: TEXT,
        prefix: { anyOf: [TEXT, FOLDED] },
        suffix: { anyOf: [TEXT, FOLDED] },
        'equals-ignore-case': TEXT,
        wildcard: { ...TEXT, description: '* stands for any characters' },
        regex: REGEX,
        cidr: { ...TEXT, description: 'a block of addresses, e.g. 10.0.0.0/24' },
        numeric: { type: 'array', description: 'e.g. [">", 0, "<=", 5]' },
        exists: { type: 'boolean' },
        lookup: LOOKUP,
        'anything-but': {
          anyOf: [
            { type: ['string', 'number'] },
            { type: 'array', items: { type: ['string', 'number'] }, minItems: 1 },
            {
              type: 'object',
              minProperties: 1,
              maxProperties: 1,
              properties: {
                prefix: TEXTS,
                suffix: TEXTS,
                'equals-ignore-case': TEXTS,
                wildcard: TEXTS,
                lookup: LOOKUP,
                regex: { anyOf: [REGEX, { type: 'array', items: REGEX, minItems: 1 }] },
              },
            },
          ],
        },
      },
    },
  ],
} as const;

/** An event pattern, unread: parse-pattern.ts says what is wrong inside. A record would drop `__proto__`. */
export const EventPattern = z
  .unknown()
  .refine((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    message: 'must be an object, e.g. {"type": ["auth.login.failed"]}',
    abort: true,
  })
  .refine((value) => !Object.hasOwn(value as object, '__proto__'), {
    message: 'no event has a field __proto__; name the field that is meant',
  })
  .meta({
    type: 'object',
    minProperties: 1,
    description: 'An EventBridge event pattern over the event; all fields must hold.',
    properties: { $or: { type: 'array', minItems: 2, items: { type: 'object' } } },
    additionalProperties: {
      anyOf: [{ type: 'array', minItems: 1, items: ENTRY }, { type: 'object' }],
    },
  }) as unknown as z.ZodType<Record<string, unknown>, Record<string, unknown>>;
