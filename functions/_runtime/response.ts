import { createDynamoDocumentStore } from '#shared/adapters/aws/dynamo-document-store.ts';
import { createDynamoPolicyStore } from '#shared/adapters/aws/dynamo-policy-store.ts';
import { readResponseRules, type ResponseStores } from '#shared/response/read-rules.ts';
import type { ResponseRules } from '#shared/response/rules.ts';

import { once } from './client.ts';
import { dynamoAccess } from './dynamo-access.ts';

/** Where the rules of response are kept, for functions that also write them. */
export const responseStores = once((): ResponseStores => {
  const access = dynamoAccess();
  return {
    policies: createDynamoPolicyStore(access),
    schedules: createDynamoDocumentStore(access, 'SCHEDULES'),
  };
});

/** The rules of response in force for a tenant. */
export function response(tenant: string): Promise<ResponseRules> {
  return readResponseRules(responseStores(), tenant);
}
