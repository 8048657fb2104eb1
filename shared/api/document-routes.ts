import * as z from 'zod';

import { ifVersion, none, reason } from './field.ts';
import { nameOperations } from './name-operations.ts';

/**
 * The schemas of the operations that every kind of document has. `fields` are what an author writes,
 * `document` what is stored, `id` the field that names it, which is also the parameter of its path.
 */
export function documentRoutes<
  const Noun extends string,
  Fields extends z.ZodRawShape,
  Kind extends z.ZodType,
  Id extends z.ZodRawShape,
>(noun: Noun, { document, fields, id }: { document: Kind; fields: Fields; id: Id }) {
  const items = z.object({ items: z.array(document) });
  const schemas = {
    list: { params: none, query: none, body: none, result: items },
    create: {
      params: none,
      query: none,
      body: { ...fields, ...reason },
      status: 201,
      result: document,
    },
    get: { params: id, query: none, body: none, result: document },
    replace: {
      params: id,
      query: none,
      body: { ...fields, ...id, ...ifVersion, ...reason },
      result: document,
    },
    delete: { params: id, query: none, body: { ...ifVersion, ...reason }, result: document },
    versions: { params: id, query: none, body: none, result: items },
  } as const;
  return nameOperations(noun, schemas);
}
