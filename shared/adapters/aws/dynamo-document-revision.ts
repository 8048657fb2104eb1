import type { DocumentRevision } from '#shared/ports/document-store.ts';

import type { DynamoAccess, Item } from './dynamo-access.ts';
import { readConfig } from './dynamo-config-commit.ts';

const revisionKey = (tenant: string) => ({ pk: `T#${tenant}#DOCUMENTS`, sk: 'REVISION' });

/** The row that goes with every version of a document. It names that version, so no two saves leave the same. */
export function revisionItem(tenant: string, kind: string, id: string, version: number): Item {
  return { ...revisionKey(tenant), revision: `${kind}#${id}#${version}` };
}

/** Revisions of documents in the table `config`. */
export function createDynamoDocumentRevision(access: DynamoAccess): DocumentRevision {
  return {
    async latest(tenant) {
      const item = await readConfig(access, revisionKey(tenant));
      return typeof item?.['revision'] === 'string' ? item['revision'] : '';
    },
  };
}
