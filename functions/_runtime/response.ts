import { createDynamoDocumentRevision } from '#shared/adapters/aws/dynamo-document-revision.ts';
import { createDynamoDocumentStore } from '#shared/adapters/aws/dynamo-document-store.ts';
import { createDynamoWorkStore } from '#shared/adapters/aws/dynamo-work-store.ts';
import type { ResponseStores } from '#shared/response/read-rules.ts';
import type { ResponseRules } from '#shared/response/rules.ts';
import { createRulesCache } from '#shared/response/rules-cache.ts';

import { once } from './client.ts';
import { dynamoAccess } from './dynamo-access.ts';

/** Where the rules of response are kept, for functions that also write them. */
export const responseStores = once((): ResponseStores => {
  const access = dynamoAccess();
  return {
    policies: createDynamoDocumentStore(access, 'ESCALATIONS'),
    schedules: createDynamoDocumentStore(access, 'SCHEDULES'),
    silences: createDynamoDocumentStore(access, 'SILENCES'),
    maintenance: createDynamoDocumentStore(access, 'MAINTENANCE'),
    inhibitions: createDynamoDocumentStore(access, 'INHIBITIONS'),
    incidentSettings: createDynamoDocumentStore(access, 'INCIDENT-SETTINGS'),
    services: createDynamoDocumentStore(access, 'SERVICES'),
    work: createDynamoWorkStore(access),
  };
});

const rulesOf = once(() =>
  createRulesCache(responseStores(), createDynamoDocumentRevision(dynamoAccess())),
);

/** The rules of response in force for a tenant, kept in this process while nobody changes them. */
export function response(tenant: string): Promise<ResponseRules> {
  return rulesOf()(tenant);
}
