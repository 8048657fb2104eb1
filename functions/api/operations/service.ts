import type { Handlers } from '#functions/api/operation.ts';
import type { Operation } from '#shared/api/route-access.ts';
import { healthMap } from '#shared/service/health-map.ts';
import { SERVICE_KIND } from '#shared/service/service-kind.ts';

import { documentHandlers } from './document.ts';

export const serviceOperations: Handlers<Extract<Operation, `services.${string}` | 'health.map'>> =
  {
    ...documentHandlers('services', 'service', SERVICE_KIND, ({ services }) => services),
    'health.map': (_input, { context, ports }) => healthMap(ports, context),
  };
