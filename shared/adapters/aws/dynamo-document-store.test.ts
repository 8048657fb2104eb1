import { expect, it } from 'vitest';

import { BUILT_AT } from '#shared/testing/build-alert.ts';
import { documentStoreContract } from '#shared/testing/document-store-contract.ts';
import { useLocalDynamo } from '#shared/testing/local-dynamo.ts';

import { createDynamoDocumentRevision } from './dynamo-document-revision.ts';
import { createDynamoDocumentStore } from './dynamo-document-store.ts';
import { createDynamoJournalStore } from './dynamo-journal-store.ts';

const openAccess = useLocalDynamo();

documentStoreContract('DynamoDB', async () => {
  const access = await openAccess(() => Date.parse(BUILT_AT));
  return {
    documents: createDynamoDocumentStore(access, 'NOTES'),
    journal: createDynamoJournalStore(access),
  };
});

it('each save of a document of any kind leaves a revision of its own, each tenant one', async () => {
  const access = await openAccess(() => Date.parse(BUILT_AT));
  const revisions = createDynamoDocumentRevision(access);
  const save = (kind: string, id: string, version: number, text = '') =>
    createDynamoDocumentStore<{ version: number; text: string }>(access, kind).save('t1', {
      id,
      document: { version, text },
      expected: version - 1,
      journal: [],
      outbox: [],
    });
  const seen = [await revisions.latest('t1')];
  for (const [kind, id, version] of [
    ['NOTES', 'a', 1],
    ['NOTES', 'b', 1],
    ['LISTS', 'a', 1],
    ['NOTES', 'a', 2],
  ] as const) {
    await save(kind, id, version);
    seen.push(await revisions.latest('t1'));
  }
  await expect(save('NOTES', 'a', 2, 'late')).rejects.toMatchObject({ code: 'conflict' });
  expect(await revisions.latest('t1')).toBe(seen.at(-1));
  expect(new Set(seen).size).toBe(5);
  expect(await revisions.latest('t2')).toBe('');
});
