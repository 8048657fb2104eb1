import { isTransient } from '#shared/kernel/error.ts';
import { readResponseRules } from '#shared/response/read-rules.ts';
import type { RecheckPorts } from '#shared/response/recheck-alerts.ts';

import type { ApiPorts } from './ports.ts';

/** What deciding again about alerts needs, of what the API has. */
export function recheckPorts(ports: ApiPorts): RecheckPorts {
  return { work: ports.work, response: (tenant) => readResponseRules(ports, tenant) };
}

/**
 * Does what a timer would do a little later. The change that asks for it is written already, so a store
 * that takes nothing now must not make the caller believe otherwise.
 */
export async function attempt(recheck: () => Promise<unknown>): Promise<void> {
  try {
    await recheck();
  } catch (error) {
    if (!isTransient(error)) throw error;
  }
}
