import { openCursor, sealCursor } from '#shared/api/cursor.ts';
import type { Operation } from '#shared/api/route-access.ts';

import type { Call } from './operation.ts';

/** The checked input of a list: the page, and the filter's fields beside it. */
interface PageInput {
  limit: number;
  cursor?: string | undefined;
}

/**
 * Reads one page of a list with the cursor that the caller holds, and seals the next one for the same
 * tenant, operation and filter. Throws `invalid_input` for a cursor of another list.
 */
export async function readPage<Row>(
  operation: Operation,
  input: PageInput & Readonly<Record<string, unknown>>,
  call: Call,
  read: (page: {
    limit: number;
    cursor?: string;
  }) => Promise<{ items: Row[]; cursor?: string | undefined }>,
): Promise<{ items: Row[]; cursor?: string }> {
  const key = await call.ports.signingKey();
  const binding = { tenant: call.context.tenant, operation, input };
  const page = await read({
    limit: input.limit,
    ...(input.cursor !== undefined && { cursor: openCursor(key, binding, input.cursor) }),
  });
  return {
    items: page.items,
    ...(page.cursor !== undefined && { cursor: sealCursor(key, binding, page.cursor) }),
  };
}
