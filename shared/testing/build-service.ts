import type { Service } from '#shared/service/schema.ts';

import { BUILT_AT } from './build-alert.ts';

/** A service `checkout` that needs `payments`; fields given replace the built ones. */
export function buildService(fields: Partial<Service> = {}): Service {
  return {
    service: 'checkout',
    description: 'Takes orders',
    depends_on: ['payments'],
    version: 1,
    author: 'user:ada',
    updated_at: BUILT_AT,
    ...fields,
  };
}
