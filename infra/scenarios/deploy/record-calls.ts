import type { Services } from '#infra/local/instance/services.ts';
import type { AwsRequest } from '#infra/local/service.ts';

import { readCalls } from './call.ts';
import type { Call } from './role.ts';

/** Who called what. */
export interface Recorded {
  /** The caller's access key. */
  name: string;
  call: Call;
}

/** Listens to the services: every call of those access keys, each once, until the services end. */
export function recordCalls(services: Services, names: readonly string[]): Map<string, Recorded> {
  const calls = new Map<string, Recorded>();
  for (const [service, target] of Object.entries(services)) {
    const handle = target.handle.bind(target);
    target.handle = (request: AwsRequest) => {
      const name = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? '';
      if (names.includes(name))
        for (const call of readCalls(service, request))
          calls.set(JSON.stringify([name, call]), { name, call });
      return handle(request);
    };
  }
  return calls;
}
