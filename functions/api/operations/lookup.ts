import type { Handlers } from '#functions/api/operation.ts';
import type { Operation } from '#shared/api/route-access.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { getLookup, listLookups } from '#shared/lookup/list-lookups.ts';
import { readKeys } from '#shared/lookup/read-keys.ts';
import { removeLookup } from '#shared/lookup/remove-lookup.ts';
import { saveLookup } from '#shared/lookup/save-lookup.ts';
import { headOf } from '#shared/lookup/schema.ts';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;
const CSV_TYPE = /^text\/csv\b/i;

export const lookupOperations: Handlers<Extract<Operation, `lookups.${string}`>> = {
  async 'lookups.list'(_input, { context, ports }) {
    return { items: await listLookups(ports.lookups, context) };
  },
  'lookups.get': ({ name }, { context, ports }) => getLookup(ports.lookups, context, name),
  async 'lookups.put'({ column, ...draft }, { context, ports, body, contentType }) {
    const csv = isCsv(contentType);
    if (column !== undefined && !csv)
      throw new SentryError('invalid_input', 'Only text/csv has columns.', {
        issues: [{ path: 'column', message: 'leave it out, or send text/csv' }],
      });
    const keys = readKeys(body, { csv, column });
    return headOf(await saveLookup(ports.lookups, context, { ...draft, keys }));
  },
  async 'lookups.delete'({ name, ...options }, { context, ports }) {
    return headOf(await removeLookup(ports, context, name, options));
  },
};

function isCsv(contentType: string | undefined): boolean {
  if (contentType === undefined || JSON_TYPE.test(contentType)) return false;
  if (CSV_TYPE.test(contentType)) return true;
  throw new SentryError('unsupported_media_type', 'Send application/json or text/csv.');
}
